use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::engine::SocketEvent::{self, Closed, Frame, Opened};
use waxwing::platform::socket::Socket;

use crate::page::{happen, play_sockets, until};

fn socket() -> (Socket, Rc<RefCell<Vec<SocketEvent>>>) {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let into = heard.clone();
    (Socket::new(move |event| into.borrow_mut().push(event)), heard)
}

fn get(socket: &JsValue, name: &str) -> JsValue {
    Reflect::get(socket, &name.into()).unwrap()
}

#[wasm_bindgen_test]
fn frames_go_both_ways() {
    let opened = play_sockets();
    let (socket, heard) = socket();
    socket.connect("ws://localhost/ws");
    let real = opened.get(0);
    assert_eq!(get(&real, "protocol"), "xmpp");
    socket.send("too early");
    happen(&real, "open", &JsValue::NULL);
    socket.send("<open/>");
    happen(&real, "message", &"<open/>".into());
    happen(&real, "close", &JsValue::NULL);
    socket.send("too late");
    assert_eq!(js_sys::JSON::stringify(&get(&real, "sent")).unwrap(), r#"["<open/>"]"#);
    assert_eq!(*heard.borrow(), [Opened, Frame("<open/>".into()), Closed]);
}

#[wasm_bindgen_test]
async fn nothing_is_heard_of_a_socket_that_was_dropped() {
    let opened = play_sockets();
    let (socket, heard) = socket();
    socket.connect("ws://localhost/1");
    happen(&opened.get(0), "open", &JsValue::NULL);
    socket.connect("ws://localhost/2");
    assert_eq!(get(&opened.get(0), "closed"), 0, "the server may close it first");
    for event in ["open", "message", "error", "close"] {
        happen(&opened.get(0), event, &"old".into());
    }
    happen(&opened.get(1), "message", &"new".into());
    socket.disconnect();
    assert_eq!(get(&opened.get(1), "closed"), 1, "it was not open yet");
    happen(&opened.get(1), "close", &JsValue::NULL);
    assert_eq!(*heard.borrow(), [Opened, Frame("new".into())]);
    until("the old one is closed", || get(&opened.get(0), "closed") == 1).await;
}

#[wasm_bindgen_test]
async fn a_binary_frame_ends_the_connection() {
    let opened = play_sockets();
    let (socket, heard) = socket();
    socket.connect("ws://localhost/");
    happen(&opened.get(0), "open", &JsValue::NULL);
    happen(&opened.get(0), "message", &Uint8Array::new_with_length(3).buffer());
    happen(&opened.get(0), "message", &"more".into());
    assert_eq!(*heard.borrow(), [Opened, Closed]);
    until("it is closed", || get(&opened.get(0), "closed") == 1).await;
}

#[wasm_bindgen_test]
fn an_address_that_cannot_be_opened_is_a_closed_socket() {
    let opened = play_sockets();
    let (socket, heard) = socket();
    socket.connect("nonsense");
    socket.connect("https://localhost/");
    socket.send("into the void");
    assert_eq!(opened.length(), 0);
    assert_eq!(*heard.borrow(), [Closed, Closed]);
}

#[wasm_bindgen_test]
async fn a_socket_that_does_not_open_is_given_up() {
    let opened = play_sockets();
    let (socket, heard) = socket();
    socket.connect("ws://localhost/");
    let start = js_sys::Date::now();
    while heard.borrow().is_empty() && js_sys::Date::now() - start < 15_000.0 {
        crate::page::pause(100).await;
    }
    assert_eq!(*heard.borrow(), [Closed]);
    assert!(js_sys::Date::now() - start >= 9_900.0);
    happen(&opened.get(0), "open", &JsValue::NULL);
    until("nothing more", || *heard.borrow() == [Closed]).await;
}
