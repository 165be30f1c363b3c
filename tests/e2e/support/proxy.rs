//! A stretch of road between a browser and a server: it writes down what passes, and can be cut.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::{Either, select};
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
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
    /// What goes this way gets lost.
    loses: Cell<Option<Way>>,
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

    /// From now on, what goes this way gets lost. Neither side is told.
    pub fn lose(&self, way: Way) {
        self.state.loses.set(Some(way));
    }

    /// Breaks every connection off, and lets new ones through or not.
    pub fn cut(&self, closed: bool) {
        self.state.closed.set(closed);
        self.state.cut.notify_waiters();
    }

    pub fn mend(&self) {
        self.state.closed.set(false);
        self.state.loses.set(None);
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
    let flow = async {
        loop {
            // Both ends are read in turn, whichever has something.
            let next = select(page.next(), server.next()).await;
            let (way, message) = match next {
                Either::Left((message, _)) => (Way::Out, message),
                Either::Right((message, _)) => (Way::In, message),
            };
            let Some(message) = message else { return Ok(()) };
            let message = message?;
            if state.loses.get() == Some(way) {
                continue;
            }
            note(way, &message);
            match way {
                Way::Out => server.send(message).await?,
                Way::In => page.send(message).await?,
            }
        }
    };
    futures_util::pin_mut!(flow, cut);
    match select(flow, cut).await {
        Either::Left((ended, _)) => ended,
        Either::Right(_) => Ok(()),
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
