//! State of the interface that views watch: a value and a trigger.
//!
//! A signal of Leptos brings its own code for each type it holds. This is one trigger, which knows no type, beside a
//! plain cell; a handful of lines instead of some kilobytes for each type.

use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use leptos::reactive::owner::{LocalStorage, StoredValue};
use leptos::reactive::signal::ArcTrigger;
use leptos::reactive::traits::{GetValue, Notify, Track};

use super::live::{Live, watch};

/// A value that can be watched. It goes with the owner in which it was made; what is left of it then is the default.
pub(crate) struct State<T>(Slot, PhantomData<fn() -> T>);

/// A place in the arena of Leptos.
pub(crate) type Slot = StoredValue<Rc<dyn Any>, LocalStorage>;

struct Inner<T> {
    value: RefCell<T>,
    trigger: ArcTrigger,
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for State<T> {}

impl<T: Clone + Default + 'static> State<T> {
    pub(crate) fn new(value: T) -> Self {
        let inner = Inner { value: RefCell::new(value), trigger: ArcTrigger::new() };
        Self(keep(Rc::new(inner)), PhantomData)
    }

    /// The value; whoever reads it is told when it changes.
    pub(crate) fn get(self) -> T {
        self.with(T::clone)
    }

    /// Looks at the value; whoever looks is told when it changes.
    pub(crate) fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.track();
        self.with_untracked(look)
    }

    /// Watches without looking.
    pub(crate) fn track(self) {
        if let Some(inner) = self.inner() {
            inner.trigger.track();
        }
    }

    /// The value as it is now.
    pub(crate) fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }

    /// Looks at the value as it is now.
    pub(crate) fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        match self.inner() {
            Some(inner) => look(&inner.value.borrow()),
            None => look(&T::default()),
        }
    }

    /// Sets the value and tells who watches.
    pub(crate) fn set(self, value: T) {
        self.update(|known| *known = value);
    }

    /// Changes the value and tells who watches.
    pub(crate) fn update(self, change: impl FnOnce(&mut T)) {
        if let Some(inner) = self.inner() {
            change(&mut inner.value.borrow_mut());
            inner.trigger.notify();
        }
    }

    fn inner(self) -> Option<Rc<Inner<T>>> {
        find(self.0)?.downcast().ok()
    }
}

impl<T: Clone + Default + PartialEq + 'static> State<T> {
    /// Sets the value; tells who watches only if it is another one.
    pub(crate) fn set_if_new(self, value: T) {
        if self.with_untracked(|known| *known != value) {
            self.set(value);
        }
    }

    /// Follows what `read` reads, and tells who watches only when the result is another one.
    pub(crate) fn following(read: impl FnMut() -> T + 'static) -> Self {
        Self::following_boxed(Box::new(read))
    }

    fn following_boxed(mut read: Live<T>) -> Self {
        let state = Self::new(T::default());
        watch(move || state.set_if_new(read.run()));
        state
    }
}

/// Keeps a value of any type until the current owner goes.
pub(crate) fn keep(value: Rc<dyn Any>) -> Slot {
    StoredValue::new_local(value)
}

/// A kept value, if it is still there.
pub(crate) fn find(slot: Slot) -> Option<Rc<dyn Any>> {
    slot.try_get_value()
}
