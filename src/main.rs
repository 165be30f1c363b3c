//! The page: reads the configuration, starts the engine and shows it.

#[cfg(target_arch = "wasm32")]
fn main() {
    std::panic::set_hook(Box::new(|panic| page::fell(panic.location())));
    wasm_bindgen_futures::spawn_local(page::start());
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("Waxwing is a page for a browser. `make run` builds it, serves it and starts a server to talk to.");
}

#[cfg(target_arch = "wasm32")]
mod page {
    use std::panic::Location;
    use std::rc::Rc;

    use waxwing::engine::Input;
    use waxwing::platform::driver::Driver;
    use waxwing::platform::unicode::BrowserUnicode;
    use waxwing::platform::{banner, config, random, vault};
    use waxwing::ui::app;
    use waxwing::ui::client::Client;
    use waxwing::ui::config::PageConfig;

    pub async fn start() {
        let Some(entropy) = random::bytes() else {
            banner::show("This browser has no source of randomness, without which nothing here is safe.", false);
            return;
        };
        let config = config::load().await;
        let remembered = vault::load().await;

        let page = PageConfig {
            domain: config.settings.domain.clone(),
            service: config.settings.service.clone(),
            guest: config.guest,
            brand: config.brand,
        };
        let client = Client::new(Rc::new(BrowserUnicode));
        let driver =
            Driver::start(config.settings, config.reach, entropy, Box::new(move |changes| client.apply(changes)));
        if let Some(remembered) = remembered {
            driver.input(Input::Restore(Box::new(remembered)));
        }
        client.connect_engine(Rc::new(move |command| driver.command(command)));
        app::mount(client, page);
        if let Some(problem) = config.problem {
            banner::show(&problem, false);
        }
    }

    /// The program has come to an end that it was not meant to have. The place is told, but not the message, which
    /// may quote what somebody wrote.
    pub fn fell(place: Option<&Location<'_>>) {
        if let Some(place) = place {
            web_sys::console::error_1(&format!("Waxwing stopped at {place}").into());
        }
        banner::show("Something went wrong in this page, and it stopped.", true);
    }
}
