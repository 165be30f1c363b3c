//! What all scenes share: two servers that federate, the page as it is served for each, and a browser's driver.

use std::panic::catch_unwind;
use std::sync::OnceLock;

use super::browser::Driver;
use super::host::Host;
use super::place::{self, Ports};
use super::server::{Kind, Server};

pub struct World {
    pub ejabberd: Server,
    pub prosody: Server,
    pub driver: Driver,
}

/// Started by whoever asks first; ends with this process.
pub fn world() -> &'static World {
    static WORLD: OnceLock<Option<World>> = OnceLock::new();
    // What could not be started is not tried again by each scene.
    let world = WORLD.get_or_init(|| catch_unwind(World::start).ok());
    world.as_ref().expect("the servers or the driver did not start: see the first scene that failed")
}

impl World {
    fn start() -> Self {
        place::tidy();
        let (ours, theirs) = (Ports::claim(), Ports::claim());
        let (our_base, their_base) = (ours.base, theirs.base);
        std::thread::scope(|scope| {
            let ejabberd = scope.spawn(|| Server::start(Kind::Ejabberd, ours, Some(their_base)));
            let prosody = scope.spawn(|| Server::start(Kind::Prosody, theirs, Some(our_base)));
            let driver = scope.spawn(Driver::start);
            Self {
                ejabberd: ejabberd.join().expect("ejabberd"),
                prosody: prosody.join().expect("Prosody"),
                driver: driver.join().expect("a browser's driver"),
            }
        })
    }
}

/// A copy of the page as the operator of a server would host it: the service named, the policy as narrow as can be.
pub fn hosted_by(server: &Server) -> Host {
    let config = format!(r#"{{"service": "{}", "discovery": false}}"#, server.websocket());
    Host::with_uploads(server.domain(), &config, &[server.origin()], &[server.uploads()])
}

/// A copy for ejabberd.
pub fn at_ejabberd() -> &'static Host {
    static HOST: OnceLock<Host> = OnceLock::new();
    HOST.get_or_init(|| hosted_by(&world().ejabberd))
}

/// A copy for Prosody.
pub fn at_prosody() -> &'static Host {
    static HOST: OnceLock<Host> = OnceLock::new();
    HOST.get_or_init(|| hosted_by(&world().prosody))
}

/// A copy for any server on this machine: whoever signs in names the service.
pub fn anywhere() -> &'static Host {
    static HOST: OnceLock<Host> = OnceLock::new();
    HOST.get_or_init(|| Host::start("anywhere", r#"{"discovery": false}"#, &["ws://127.0.0.1:*".to_owned()]))
}
