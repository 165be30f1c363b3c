//! One scene: who is in it, and what must hold at the end of each.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use futures_util::FutureExt;

use super::host::Host;
use super::page::Page;
use super::place;
use super::server::{Person, Server};
use super::world::world;

/// A scene that lasts longer hangs.
const LONGEST: Duration = Duration::from_secs(240);

/// Where a scene is played.
pub struct Stage {
    name: String,
    pages: RefCell<Vec<Rc<Page>>>,
    hosts: RefCell<Vec<&'static Host>>,
}

/// Plays one scene. Every test is one.
pub fn scene(play: impl AsyncFnOnce(&Stage)) {
    world();
    let thread = thread::current();
    let name = thread.name().unwrap_or("scene").replace("::", "-");
    let stage = Stage { name, pages: RefCell::default(), hosts: RefCell::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let played = AssertUnwindSafe(async {
            let in_time = tokio::time::timeout(LONGEST, play(&stage)).await;
            assert!(in_time.is_ok(), "the scene took more than {} s", LONGEST.as_secs());
        });
        let outcome = played.catch_unwind().await;
        let complaints = AssertUnwindSafe(stage.end(outcome.is_err())).catch_unwind().await;
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
        match complaints {
            Ok(complaints) => assert!(complaints.is_empty(), "all went well, but:\n{}", complaints.join("\n")),
            Err(panic) => resume_unwind(panic),
        }
    });
}

impl Stage {
    /// Somebody of this scene only, with an account on a server.
    pub fn person(&self, server: &Server, name: &str) -> Person {
        // The longest names still fit beside what else stands in a line.
        let scene: String = self.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '.' }).collect();
        server.person(&format!("{name}.{scene}"))
    }

    /// A browser of somebody, with the page open.
    pub async fn page(&self, host: &'static Host, name: &str) -> Rc<Page> {
        let browser = world().driver.browser(&format!("{}-{name}", self.name), host.arguments()).await;
        let page = Rc::new(Page::open(browser, name, host).await);
        self.pages.borrow_mut().push(page.clone());
        self.hosts.borrow_mut().push(host);
        page
    }

    /// A browser of somebody, with a page of somebody else open.
    pub async fn visit(&self, url: &str, name: &str) -> Rc<Page> {
        let browser = world().driver.browser(&format!("{}-{name}", self.name), &[]).await;
        let page = Rc::new(Page::elsewhere(browser, name, url).await);
        self.pages.borrow_mut().push(page.clone());
        page
    }

    /// The page again, in the same browser, which ended in the meantime.
    pub async fn again(&self, page: &Rc<Page>) -> Rc<Page> {
        let browser = world().driver.again(&page.name, &page.browser).await;
        let again = Rc::new(page.again(browser).await);
        let mut pages = self.pages.borrow_mut();
        pages.retain(|known| !Rc::ptr_eq(known, page));
        pages.push(again.clone());
        again
    }

    /// Ends the scene, and says what is wrong with its pages.
    async fn end(&self, failed: bool) -> Vec<String> {
        let mut complaints = Vec::new();
        for page in self.pages.take() {
            if failed {
                page.keep_picture(&self.name).await;
            } else {
                complaints.extend(page.complaints().await);
                if !complaints.is_empty() {
                    page.keep_picture(&self.name).await;
                }
            }
            page.browser.close().await;
        }
        for host in self.hosts.take() {
            let violations = host.violations();
            if violations != "[]" && !failed {
                complaints.push(format!("the page offended its policy: {violations}"));
            }
        }
        if failed {
            eprintln!("more about it is in {}", place::failures().display());
        }
        complaints
    }
}
