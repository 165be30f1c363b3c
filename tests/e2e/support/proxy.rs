//! A stretch of road between a browser and a server: it writes down what passes, and can be cut.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async, client_async};

use super::server::Server;

const PROTOCOL: &str = "Sec-WebSocket-Protocol";

/// Which way a frame went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the page to the server.
    Out,
    /// From the server to the page.
    In,
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
}

async fn carry(stream: TcpStream, service: &str, state: &State) -> Result<(), Error> {
    let cut = state.cut.notified();
    let mut page = accept(stream).await?;
    let mut request = service.into_client_request()?;
    request.headers_mut().insert(PROTOCOL, HeaderValue::from_static("xmpp"));
    let authority = request.uri().authority().map(ToString::to_string).unwrap_or_default();
    let (mut server, _) = client_async(request, TcpStream::connect(authority).await?).await?;
    let note = |way, message: &Message| {
        if let Message::Text(text) = message {
            state.frames.borrow_mut().push((way, text.to_string()));
        }
    };
    // What is on its way to the page, and when it gets there.
    let mut coming = VecDeque::new();
    let is_lost = |way| state.loses.borrow().contains(&way);
    let flow = async {
        loop {
            let arrival = coming.front().map(|(arrival, _)| *arrival);
            tokio::select! {
                message = page.next() => {
                    let Some(message) = message.transpose()? else { return Ok(()) };
                    if !is_lost(Way::Out) {
                        note(Way::Out, &message);
                        server.send(message).await?;
                    }
                }
                message = server.next() => {
                    let Some(message) = message.transpose()? else { return Ok(()) };
                    if !is_lost(Way::In) {
                        coming.push_back((Instant::now() + state.length.get(), message));
                    }
                }
                () = sleep_until(arrival.unwrap_or_else(Instant::now)), if arrival.is_some() => {
                    if let Some((_, message)) = coming.pop_front() {
                        note(Way::In, &message);
                        page.send(message).await?;
                    }
                }
            }
        }
    };
    tokio::select! {
        ended = flow => ended,
        () = cut => Ok(()),
    }
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
