//! A stretch of road between a browser and a server: it writes down what passes, and anything may happen on it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async, client_async};

use super::server::Server;
use super::wait::until;

const PROTOCOL: &str = "Sec-WebSocket-Protocol";

/// Which way a frame went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the page to the server.
    Out,
    /// From the server to the page.
    In,
}

/// What may happen to a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// It gets over, and then the connection is reset: who sent it does not know that it arrived.
    Last,
    /// The connection is reset in its place.
    Never,
    /// Half of it gets over, and then the connection is reset.
    Half,
    /// It gets over, and so does what follows, but only after so long.
    Late(Duration),
    /// It gets lost, and so does all that follows on this connection. Neither side is told.
    Hole,
}

/// A road to one server, as long as its runtime lives.
pub struct Road {
    port: u16,
    state: Rc<State>,
}

#[derive(Default)]
struct State {
    frames: RefCell<Vec<(Way, String)>>,
    /// What goes these ways gets lost.
    loses: RefCell<Vec<Way>>,
    /// How long the way to the page takes.
    length: Cell<Duration>,
    /// Nobody gets through at all.
    closed: Cell<bool>,
    cut: Notify,
    /// So many more frames get over this way, and then this happens.
    planned: RefCell<Option<(Way, usize, Mishap)>>,
}

impl State {
    /// What happens to a frame that goes this way.
    fn mishap(&self, way: Way, message: &Message) -> Option<Mishap> {
        let mut planned = self.planned.borrow_mut();
        let (_, left, mishap) = planned.as_mut().filter(|(planned, ..)| *planned == way && message.is_text())?;
        if *left > 0 {
            *left -= 1;
            return None;
        }
        let mishap = *mishap;
        *planned = None;
        Some(mishap)
    }

    fn note(&self, way: Way, message: &Message) {
        if let Message::Text(text) = message {
            self.frames.borrow_mut().push((way, text.to_string()));
        }
    }
}

impl Road {
    pub async fn to(server: &Server) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Rc::new(State::default());
        let (shared, service) = (state.clone(), server.websocket());
        tokio::task::spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (state, service) = (shared.clone(), service.clone());
                if !state.closed.get() {
                    tokio::task::spawn_local(async move { carry(stream, &service, &state).await.ok() });
                }
            }
        });
        Self { port, state }
    }

    /// What the page is to call the service.
    pub fn service(&self) -> String {
        format!("ws://127.0.0.1:{}/", self.port)
    }

    /// All that passed so far.
    pub fn frames(&self) -> Vec<(Way, String)> {
        self.state.frames.borrow().clone()
    }

    /// From now on, the way from the server to the page takes this long.
    pub fn lengthen(&self, length: Duration) {
        self.state.length.set(length);
    }

    /// From now on, what goes this way gets lost, too. Neither side is told.
    pub fn lose(&self, way: Way) {
        self.state.loses.borrow_mut().push(way);
    }

    /// Breaks every connection off, and lets new ones through or not.
    pub fn cut(&self, closed: bool) {
        self.state.closed.set(closed);
        self.state.cut.notify_waiters();
    }

    pub fn mend(&self) {
        self.state.closed.set(false);
        self.state.loses.borrow_mut().clear();
    }

    /// So many more frames get over this way, and the next one meets with this.
    pub fn plan(&self, way: Way, frames: usize, mishap: Mishap) {
        self.state.planned.replace(Some((way, frames, mishap)));
    }

    /// Whether what was planned has happened.
    pub fn is_as_planned(&self) -> bool {
        self.state.planned.borrow().is_none()
    }

    /// Waits until what was planned has happened.
    pub async fn mishap(&self) {
        until("what was planned for the road has happened", async || match *self.state.planned.borrow() {
            None => Ok(()),
            Some(planned) => Err(format!("{planned:?} is still to come")),
        })
        .await;
    }
}

async fn carry(stream: TcpStream, service: &str, state: &State) -> Result<(), Error> {
    let cut = state.cut.notified();
    let mut page = accept(stream).await?;
    let mut request = service.into_client_request()?;
    request.headers_mut().insert(PROTOCOL, HeaderValue::from_static("xmpp"));
    let authority = request.uri().authority().map(ToString::to_string).unwrap_or_default();
    let (mut server, _) = client_async(request, TcpStream::connect(authority).await?).await?;
    // What is on its way to the page, and when it gets there.
    let mut coming = VecDeque::new();
    let holes = RefCell::new(Vec::new());
    let is_lost = |way| state.loses.borrow().contains(&way) || holes.borrow().contains(&way);
    let flow = async {
        loop {
            let arrival = coming.front().map(|(arrival, _)| *arrival);
            tokio::select! {
                message = page.next() => {
                    let Some(message) = message.transpose()? else { return Ok(()) };
                    if is_lost(Way::Out) {
                        continue;
                    }
                    match state.mishap(Way::Out, &message) {
                        None => {}
                        Some(Mishap::Late(by)) => sleep(by).await,
                        Some(Mishap::Hole) => {
                            holes.borrow_mut().push(Way::Out);
                            continue;
                        }
                        Some(end) => return end_badly(end, Way::Out, message, state, &mut page, &mut server).await,
                    }
                    state.note(Way::Out, &message);
                    server.send(message).await?;
                }
                message = server.next() => {
                    let Some(message) = message.transpose()? else { return Ok(()) };
                    if !is_lost(Way::In) {
                        coming.push_back((Instant::now() + state.length.get(), message));
                    }
                }
                () = sleep_until(arrival.unwrap_or_else(Instant::now)), if arrival.is_some() => {
                    let Some((_, message)) = coming.pop_front() else { continue };
                    match state.mishap(Way::In, &message) {
                        None => {}
                        Some(Mishap::Late(by)) => sleep(by).await,
                        Some(Mishap::Hole) => {
                            holes.borrow_mut().push(Way::In);
                            continue;
                        }
                        Some(end) => return end_badly(end, Way::In, message, state, &mut page, &mut server).await,
                    }
                    state.note(Way::In, &message);
                    page.send(message).await?;
                }
            }
        }
    };
    tokio::select! {
        ended = flow => ended,
        () = cut => Ok(()),
    }
}

/// The last frame of a connection that ends by a reset, as far as it gets.
async fn end_badly(
    mishap: Mishap,
    way: Way,
    message: Message,
    state: &State,
    page: &mut WebSocketStream<TcpStream>,
    server: &mut WebSocketStream<TcpStream>,
) -> Result<(), Error> {
    match (mishap, way) {
        (Mishap::Last, Way::Out) => {
            state.note(way, &message);
            server.send(message).await?;
        }
        (Mishap::Last, Way::In) => {
            state.note(way, &message);
            page.send(message).await?;
        }
        (Mishap::Half, Way::Out) => server.get_mut().write_all(&half(&message, true)).await?,
        (Mishap::Half, Way::In) => page.get_mut().write_all(&half(&message, false)).await?,
        (Mishap::Never | Mishap::Late(_) | Mishap::Hole, _) => {}
    }
    for stream in [page.get_ref(), server.get_ref()] {
        stream.set_zero_linger()?;
    }
    Ok(())
}

/// The first half of a frame's bytes (RFC 6455, 5.2). What browsers send is masked; with a mask of zeroes, to itself.
fn half(message: &Message, masked: bool) -> Vec<u8> {
    let text = message.to_text().unwrap_or_default().as_bytes();
    let mask: u8 = if masked { 0x80 } else { 0 };
    let mut frame = vec![0x81];
    match (u8::try_from(text.len()), u16::try_from(text.len())) {
        (Ok(length @ ..126), _) => frame.push(mask | length),
        (_, Ok(length)) => {
            frame.push(mask | 126);
            frame.extend(length.to_be_bytes());
        }
        (_, Err(_)) => {
            frame.push(mask | 127);
            frame.extend((text.len() as u64).to_be_bytes());
        }
    }
    if masked {
        frame.extend([0; 4]);
    }
    frame.extend(text);
    frame.truncate(frame.len() / 2);
    frame
}

/// Takes a connection as an XMPP server does, by the name of its protocol.
#[expect(clippy::result_large_err, reason = "the library's own kind of callback")]
pub async fn accept(stream: TcpStream) -> Result<WebSocketStream<TcpStream>, Error> {
    let agree = |_: &Request, mut response: Response| {
        response.headers_mut().insert(PROTOCOL, HeaderValue::from_static("xmpp"));
        Ok(response)
    };
    accept_hdr_async(stream, agree).await
}
