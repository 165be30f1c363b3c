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
fn a_page_built_by_vite_and_a_page_with_a_script_have_the_chat_of_the_package() {
    scene(async |_| {
        let project = Project::new();
        let install = ["install", "--offline", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", &package()];
        project.run("npm", &install);
        project.run("node", &["../node_modules/typescript/bin/tsc"]);
        project.run("node", &["../node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]);

        let server = &world().ejabberd;
        let juliet = server.person("juliet.package");
        let mut hers = Peer::online(server, &juliet).await;
        let (service, address) = (server.websocket(), juliet.address.clone());
        let host = Host::of(&project.0.join("dist"), "package", &[server.origin()]);
        let page = format!("{}?service={service}&domain=anon.localhost&peer={address}", host.url());
        asks(&host, &page, "Is anybody there?", &mut hers).await;

        // As from a network that hands out packages: below a path of its own, and nothing is built.
        let plain = project.0.join("plain");
        fs::create_dir(&plain).expect("a folder");
        project.run("mv", &["node_modules/waxwing-chat", "plain/waxwing-chat@0"]);
        let page = format!(
            "<!doctype html><title>A page</title><script type=module src=./waxwing-chat@0/widget.js></script>
             <waxwing-chat service={service} domain=anon.localhost peer={address}></waxwing-chat>"
        );
        fs::write(plain.join("index.html"), page).expect("a page");
        let host = Host::of(&plain, "plain-package", &[server.origin()]);
        asks(&host, &host.url(), "And now?", &mut hers).await;
        hers.leave().await;
    });
}

/// A visitor opens the chat, asks, and gets an answer.
async fn asks(host: &Host, page: &str, question: &str, hers: &mut Peer) {
    let browser = world().driver.browser("package", &[]).await;
    browser.client.goto(page).await.expect("the page");
    let launcher = "
        const chat = document.querySelector('waxwing-chat');
        const loaded = performance.getEntriesByType('resource').some(entry => entry.name.includes('.wasm'));
        return !loaded && chat?.unread === 0 && !chat.isOpen
            && chat.shadowRoot.querySelector('.launcher').checkVisibility()";
    sees(&browser, "the launcher, and nothing loaded yet", launcher).await;
    // It is in a shadow tree, where WebDriver finds nothing by a selector.
    look(&browser, "document.querySelector('waxwing-chat').shadowRoot.querySelector('.launcher').click()").await;
    let field = "return document.querySelector('waxwing-chat').shadowRoot.activeElement?.dataset.testid === 'composer'";
    sees(&browser, "the field, and the cursor in it", field).await;
    browser.chromium("Input.insertText", &json!({ "text": question }));
    for kind in ["keyDown", "keyUp"] {
        let key = json!({ "type": kind, "key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13 });
        browser.chromium("Input.dispatchKeyEvent", &key);
    }
    let asked = |stanza: &Stanza| match stanza {
        Stanza::Message(message) if message.bodies.values().any(|body| body == question) => {
            message.from.as_ref().map(ToString::to_string)
        }
        _ => None,
    };
    let guest = hers.waits_for("a question", asked).await;
    assert!(guest.contains("@anon.localhost/"), "{guest}");
    hers.say(&guest, "I am here").await;
    let answer = "return document.querySelector('waxwing-chat').shadowRoot.textContent.includes('I am here')";
    sees(&browser, "the answer in the chat", answer).await;
    // The one page listens to the events, with the types of the package.
    let told = "const { defined, message } = document.body.dataset;
        return defined === undefined || defined === 'true' && message === 'in: I am here'";
    sees(&browser, "what the events tell", told).await;
    assert_eq!(host.violations(), "[]");
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:?}");
    browser.close().await;
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
