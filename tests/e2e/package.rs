//! The package for npm, in a page of somebody else that Vite builds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tokio_xmpp::Stanza;

use crate::support::browser::Browser;
use crate::support::host::Host;
use crate::support::peer::Peer;
use crate::support::wait::until;
use crate::support::world::world;
use crate::support::{place, scene};

/// A folder beside the tools that build the page, so that they are found; gone at the end.
struct Project(PathBuf);

impl Project {
    fn new() -> Self {
        let folder = Path::new(&place::told("WAXWING_VITE")).join(format!("page-{}", place::owner()));
        fs::create_dir_all(&folder).expect("a folder");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vite");
        for file in ["index.html", "main.ts", "tsconfig.json"] {
            fs::copy(source.join(file), folder.join(file)).unwrap_or_else(|problem| panic!("{file}: {problem}"));
        }
        fs::write(folder.join("package.json"), r#"{ "private": true, "type": "module" }"#).expect("a file");
        Self(folder)
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let output = Command::new(program).args(arguments).current_dir(&self.0).output();
        let output = output.unwrap_or_else(|problem| panic!("{program}: {problem}"));
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{program} {arguments:?}:\n{}", String::from_utf8_lossy(&said));
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The one package that was made.
fn package() -> String {
    let folder = place::told("WAXWING_NPM");
    let mut files = fs::read_dir(&folder).unwrap_or_else(|problem| panic!("{folder}: {problem}")).flatten();
    files.next().expect("a package").path().to_string_lossy().into_owned()
}

#[test]
fn a_page_built_by_vite_has_the_chat_of_the_package() {
    scene(async |_| {
        let project = Project::new();
        let install = ["install", "--offline", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", &package()];
        project.run("npm", &install);
        project.run("node", &["../node_modules/typescript/bin/tsc"]);
        project.run("node", &["../node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]);

        let server = &world().ejabberd;
        let juliet = server.person("juliet.package");
        let mut hers = Peer::online(server, &juliet).await;
        let host = Host::of(&project.0.join("dist"), "package", &[server.origin()]);
        let browser = world().driver.browser("package", &[]).await;
        let address =
            format!("{}?service={}&domain=anon.localhost&peer={}", host.url(), server.websocket(), juliet.address);
        browser.client.goto(&address).await.expect("the page");

        sees(
            &browser,
            "the launcher, and nothing loaded yet",
            "
            const chat = document.querySelector('waxwing-chat');
            const loaded = performance.getEntriesByType('resource').some(entry => entry.name.includes('.wasm'));
            return document.body.dataset.defined === 'true' && !loaded
                && chat.shadowRoot.querySelector('.launcher')?.checkVisibility() === true",
        )
        .await;
        // The button is in a shadow tree, where WebDriver finds nothing by a selector.
        look(&browser, "document.querySelector('waxwing-chat').shadowRoot.querySelector('.launcher').click()").await;
        sees(&browser, "a connection", "return document.body.dataset.connection === 'online'").await;
        sees(
            &browser,
            "the field, and the cursor in it",
            "
            const field = document.querySelector('waxwing-chat').shadowRoot.activeElement;
            return field?.dataset.testid === 'composer'",
        )
        .await;
        browser.chromium("Input.insertText", &json!({ "text": "Is anybody there?" }));
        for kind in ["keyDown", "keyUp"] {
            let key =
                json!({ "type": kind, "key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13 });
            browser.chromium("Input.dispatchKeyEvent", &key);
        }
        let asked = |stanza: &Stanza| match stanza {
            Stanza::Message(message) if message.bodies.values().any(|body| body == "Is anybody there?") => {
                message.from.as_ref().map(ToString::to_string)
            }
            _ => None,
        };
        let guest = hers.waits_for("a question", asked).await;
        assert!(guest.contains("@anon.localhost/"), "{guest}");
        hers.say(&guest, "I am").await;
        sees(&browser, "the answer", "return document.body.dataset.message === 'in: I am'").await;
        sees(
            &browser,
            "the answer in the chat",
            "
            return document.querySelector('waxwing-chat').shadowRoot.textContent.includes('I am')",
        )
        .await;

        assert_eq!(host.violations(), "[]");
        let complaints = browser.complaints();
        assert!(complaints.is_empty(), "{complaints:?}");
        browser.close().await;
        hers.leave().await;
    });
}

async fn look(browser: &Browser, script: &str) -> Value {
    browser.client.execute(script, Vec::new()).await.unwrap_or_else(|problem| Value::String(problem.to_string()))
}

async fn sees(browser: &Browser, what: &str, script: &str) {
    until(&format!("the page shows {what}"), async || match look(browser, script).await {
        Value::Bool(true) => Ok(()),
        seen => {
            let data = look(browser, "return JSON.stringify(document.body.dataset)").await;
            Err(format!("it answers {seen}; {data}; {:?}", browser.complaints()))
        }
    })
    .await;
}
