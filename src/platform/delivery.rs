//! Handing changes to the views, once per frame.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::listener::Listener;
use super::surroundings::is_visible;
use super::task::Task;
use super::timeout::Timeout;

/// How long a frame is waited for, in milliseconds. There are pages that count as visible and get no frames, as
/// one in an inner frame that is scrolled out of sight.
const FRAME_LIMIT: i32 = 250;

/// Gathers values and hands them over together: before the next frame is painted, or in a task of its own while
/// the page is hidden, for a hidden page has no frames.
pub struct Delivery<T: 'static>(Rc<Inner<T>>);

struct Inner<T: 'static> {
    gathered: RefCell<Vec<T>>,
    hand_over: Box<dyn Fn(Vec<T>)>,
    waiting: Cell<bool>,
    frame: Closure<dyn Fn()>,
    asked: Cell<Option<i32>>,
    limit: RefCell<Option<Timeout>>,
    task: Task,
    _hidden: Option<Listener>,
    weak: Weak<Self>,
}

impl<T: 'static> Delivery<T> {
    /// Hands over to `hand_over`, which may add more: that comes with the next frame.
    pub fn new(hand_over: Box<dyn Fn(Vec<T>)>) -> Self {
        Self(Rc::new_cyclic(|weak: &Weak<Inner<T>>| {
            let deliver = |weak: &Weak<Inner<T>>| {
                let weak = weak.clone();
                move || {
                    if let Some(inner) = weak.upgrade() {
                        inner.deliver();
                    }
                }
            };
            let hidden = weak.clone();
            let document = web_sys::window().and_then(|window| window.document());
            Inner {
                gathered: RefCell::default(),
                hand_over,
                waiting: Cell::new(false),
                frame: Closure::<dyn Fn()>::new(deliver(weak)),
                asked: Cell::new(None),
                limit: RefCell::default(),
                task: Task::new(deliver(weak)),
                _hidden: document.map(|document| {
                    Listener::new(&document, "visibilitychange", move |_| {
                        if let Some(inner) = hidden.upgrade()
                            && inner.waiting.get()
                        {
                            inner.task.post();
                        }
                    })
                }),
                weak: weak.clone(),
            }
        }))
    }

    /// Adds a value to what is handed over next.
    pub fn add(&self, value: T) {
        self.0.gathered.borrow_mut().push(value);
        if !self.0.waiting.replace(true) {
            self.0.schedule();
        }
    }
}

impl<T: 'static> Inner<T> {
    fn schedule(&self) {
        let frame = self.frame.as_ref().unchecked_ref();
        let window = web_sys::window().filter(|_| is_visible());
        self.asked.set(window.and_then(|window| window.request_animation_frame(frame).ok()));
        if self.asked.get().is_none() {
            self.task.post();
            return;
        }
        let weak = self.weak.clone();
        let limit = Timeout::new(FRAME_LIMIT, move || {
            if let Some(inner) = weak.upgrade() {
                inner.deliver();
            }
        });
        self.limit.replace(Some(limit));
    }

    fn deliver(&self) {
        self.waiting.set(false);
        self.limit.take();
        self.take_back_frame();
        let gathered = self.gathered.take();
        if !gathered.is_empty() {
            (self.hand_over)(gathered);
        }
    }

    /// No more than one frame is asked for at a time: one that nobody remembers could not be taken back.
    fn take_back_frame(&self) {
        if let (Some(window), Some(asked)) = (web_sys::window(), self.asked.take()) {
            let _ = window.cancel_animation_frame(asked);
        }
    }
}

impl<T: 'static> Drop for Inner<T> {
    /// A frame that still comes would call what is gone.
    fn drop(&mut self) {
        self.take_back_frame();
    }
}
