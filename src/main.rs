//! The page: reads the configuration, starts the engine and shows it.

#[cfg(target_arch = "wasm32")]
fn main() {
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| page::fell(panic.location())));
    wasm_bindgen_futures::spawn_local(page::start());
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("Waxwing is a page for a browser. `make run` builds it, serves it and starts a server to talk to.");
}

#[cfg(target_arch = "wasm32")]
mod page {
    use std::cell::RefCell;
    use std::future::Future;
    #[cfg(debug_assertions)]
    use std::panic::Location;
    use std::pin::Pin;
    use std::rc::Rc;

    use waxwing::engine::change::Change;
    use waxwing::engine::effect::Remembered;
    use waxwing::engine::{Input, Settings};
    use waxwing::platform::discovery::Reach;
    use waxwing::platform::driver::Driver;
    use waxwing::platform::tabs::{self, Tabs, outdated};
    use waxwing::platform::unicode::BrowserUnicode;
    use waxwing::platform::{banner, config, random, upload, vault};
    use waxwing::ui::app;
    use waxwing::ui::client::Client;
    use waxwing::ui::config::PageConfig;

    pub async fn start() {
        if random::bytes::<32>().is_none() {
            banner::show("This browser has no source of randomness, without which nothing here is safe.", false);
            return;
        }
        let config = config::load().await;
        let page = PageConfig {
            domain: config.settings.domain.clone(),
            service: config.settings.service.clone(),
            guest: config.guest,
            guest_domain: config.guest_domain,
            brand: config.brand,
            picture_hosts: config.picture_hosts,
            registration: config.registration,
        };
        let client = Client::new(Rc::new(BrowserUnicode));
        let options = tabs::Options::of_page();
        let tab = Tab {
            client,
            settings: config.settings,
            reach: config.reach,
            version: options.version.clone(),
            page: RefCell::new(Some(page)),
        };
        let tabs = Tabs::start(options, Box::new(tab));
        client.connect_engine(Rc::new(move |command| tabs.send(command)));
        client.connect_uploads(Rc::new(upload::put));
        if let Some(problem) = config.problem {
            banner::show(&problem, false);
        }
    }

    /// This page among the others that are open.
    struct Tab {
        client: Client,
        settings: Settings,
        reach: Reach,
        version: String,
        /// What the page is made with, until it is there.
        page: RefCell<Option<PageConfig>>,
    }

    impl tabs::Page for Tab {
        fn remembered(&self) -> Pin<Box<dyn Future<Output = Option<Remembered>>>> {
            Box::pin(vault::load())
        }

        fn start(&self, show: Box<dyn Fn(Vec<Change>)>) -> tabs::Engine {
            match random::bytes() {
                Some(entropy) => {
                    let driver = Driver::start(self.settings.clone(), self.reach, entropy, show);
                    Rc::new(move |input: Input| driver.input(input))
                }
                // It was there when the page started.
                None => Rc::new(|_| {}),
            }
        }

        fn show(&self, changes: Vec<Change>) {
            self.client.apply(changes);
        }

        fn snapshot(&self) -> Vec<Change> {
            self.client.snapshot()
        }

        fn ready(&self) {
            if let Some(page) = self.page.take() {
                app::mount(self.client, page);
            }
        }

        fn outdated(&self, stopped: bool) {
            if stopped {
                banner::stop_the_rest();
                outdated::reload(&self.version);
            } else {
                banner::show("A new version is ready.", true);
            }
        }

        fn blocked(&self, blocked: bool) {
            if blocked {
                banner::show("An older version of this page is open in another tab. Close it to go on here.", false);
            } else {
                banner::hide();
            }
        }
    }

    /// The program has come to an end that it was not meant to have; boot.js tells the user. The place is told, but
    /// not the message, which may quote what somebody wrote. A release page knows neither: all that could tell is left
    /// out of it.
    #[cfg(debug_assertions)]
    pub fn fell(place: Option<&Location<'_>>) {
        if let Some(place) = place {
            web_sys::console::error_1(&format!("Waxwing stopped at {place}").into());
        }
    }
}
