//! SASL (RFC 6120 §6): which way to sign in, and the exchange.

use base64ct::{Base64, Encoding};

use super::entropy::Entropy;
use super::scram::{ClientFirst, Hash, Proof, SavedKeys, ScramError, ServerFirst};
use crate::domain::problem::{Problem, Reason};
use crate::wire::ns;
use crate::wire::xml::Element;

/// What proves who we are.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// A password, prepared, with the keys that an earlier exchange made of it: they spare the stretching as long as
    /// the server keeps its salt. ejabberd with plain stored passwords draws a new one for every exchange.
    Password(String, Option<SavedKeys>),
    /// What an earlier exchange left.
    Keys(SavedKeys),
    /// What somebody else gave for it, and can take back: a token. It is sent as it is.
    Token(String),
    /// None: a guest.
    Guest,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Password(..) => "Password(…)",
            Self::Keys(_) => "Keys(…)",
            Self::Token(_) => "Token(…)",
            Self::Guest => "Guest",
        })
    }
}

/// How a password may travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The operator allows PLAIN, and the connection is encrypted or local.
    pub plain: bool,
    /// The server is known to offer SCRAM: offering less now is an attack.
    pub scram_seen: bool,
}

/// What the exchange wants done next.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Send this and wait.
    Send(Element),
    /// Stretch the password; answer by [`Exchange::stretched`].
    Stretch {
        /// With which hash.
        hash: Hash,
        /// What.
        password: String,
        /// With which salt.
        salt: Vec<u8>,
        /// How many rounds.
        iterations: u32,
    },
    /// Signed in, and the server proved itself where the mechanism can prove it.
    Done(Option<SavedKeys>),
    /// It failed; the stream may be told to stop first.
    Failed(Problem, Option<Element>),
}

/// One exchange; each state holds what its next message needs.
#[derive(Debug)]
pub enum Exchange {
    /// Our first message is out.
    First(ClientFirst, Credentials),
    /// The password is being stretched.
    Stretching(ServerFirst),
    /// Our proof is out.
    Proven(Box<Proof>),
    /// The server proved itself before it said success.
    Verified(Box<Proof>),
    /// A token is out: the verdict is awaited, or first why it is not good (RFC 7628 §3.2.3).
    Bearer,
    /// PLAIN or ANONYMOUS: nothing but the verdict is awaited.
    Verdict,
    /// Nothing more.
    Over,
}

impl Exchange {
    /// Chooses a mechanism and begins.
    pub fn begin(
        user: &str,
        credentials: &Credentials,
        offered: &[String],
        policy: Policy,
        entropy: &mut Entropy,
    ) -> Result<(Self, Element), Problem> {
        let offers = |name: &str| offered.iter().any(|mechanism| mechanism == name);
        let best = Hash::BY_STRENGTH.into_iter().find(|hash| offers(hash.mechanism()));
        let hash = match credentials {
            Credentials::Token(token) => {
                return match way_of_token(token).into_iter().find(|mechanism| offers(mechanism)) {
                    Some(BEARER) => {
                        let message = format!("n,,\u{1}auth=Bearer {token}\u{1}\u{1}");
                        Ok((Self::Bearer, auth(BEARER, Some(&message))))
                    }
                    // ejabberd's own X-OAUTH2 looks like PLAIN.
                    Some(other) => Ok((Self::Verdict, auth(other, Some(&format!("\0{user}\0{token}"))))),
                    // A server that keeps tokens like passwords.
                    None => {
                        let password = Credentials::Password(token.clone(), None);
                        Self::begin(user, &password, offered, policy, entropy)
                    }
                };
            }
            Credentials::Guest if offers("ANONYMOUS") => {
                return Ok((Self::Verdict, auth("ANONYMOUS", None)));
            }
            Credentials::Guest => return Err(Problem::new(Reason::GuestsRefused)),
            Credentials::Keys(keys) if offers(keys.hash.mechanism()) => keys.hash,
            Credentials::Keys(_) => return Err(Problem::new(Reason::Downgrade)),
            Credentials::Password(password, _) => match best {
                Some(hash) => hash,
                None if policy.scram_seen => return Err(Problem::new(Reason::Downgrade)),
                None if offers("PLAIN") && policy.plain => {
                    let message = format!("\0{user}\0{password}");
                    return Ok((Self::Verdict, auth("PLAIN", Some(&message))));
                }
                None => return Err(Problem::new(Reason::NoCommonMechanism)),
            },
        };
        let first = ClientFirst::new(hash, user, entropy.id());
        let element = auth(hash.mechanism(), Some(&first.message()));
        Ok((Self::First(first, credentials.clone()), element))
    }

    /// Takes an element of the SASL namespace.
    pub fn handle(&mut self, element: &Element) -> Step {
        let state = std::mem::replace(self, Self::Over);
        match (state, element.name()) {
            (Self::First(first, credentials), "challenge") => {
                let server = match decode(element).and_then(|message| first.server_first(&message)) {
                    Ok(server) => server,
                    Err(error) => return broken(error),
                };
                let (password, keys) = match credentials {
                    Credentials::Password(password, keys) => (Some(password), keys),
                    Credentials::Keys(keys) => (None, Some(keys)),
                    Credentials::Guest | Credentials::Token(_) => (None, None),
                };
                match (keys.and_then(|keys| server.clone().prove_saved(&keys)), password) {
                    (Some(proof), _) => self.prove(proof),
                    (None, Some(password)) => {
                        let (hash, salt, iterations) = (server.hash(), server.salt.clone(), server.iterations);
                        *self = Self::Stretching(server);
                        Step::Stretch { hash, password, salt, iterations }
                    }
                    // The password was changed, or the server never uses a salt twice.
                    (None, None) => Step::Failed(Problem::new(Reason::SignInAgain), Some(abort())),
                }
            }
            (Self::Proven(proof), "challenge") => match decode(element).and_then(|message| proof.verify(&message)) {
                Ok(()) => {
                    *self = Self::Verified(proof);
                    Step::Send(Element::new(ns::SASL, "response"))
                }
                Err(error) => broken(error),
            },
            (Self::Proven(proof), "success") => match decode(element).and_then(|message| proof.verify(&message)) {
                Ok(()) => Step::Done(Some(proof.keys)),
                Err(_) => broken(ScramError::ServerNotProven),
            },
            (Self::Verified(proof), "success") => Step::Done(Some(proof.keys)),
            (Self::Verdict | Self::Bearer, "success") => Step::Done(None),
            // It says why, and wants to hear that this was heard before it refuses.
            (Self::Bearer, "challenge") => {
                *self = Self::Verdict;
                Step::Send(Element::new(ns::SASL, "response").text_with(&Base64::encode_string(b"\x01")))
            }
            // Success before the server proved itself is a lie.
            (_, "success") => broken(ScramError::ServerNotProven),
            (_, "failure") => Step::Failed(failure(element), None),
            _ => broken(ScramError::Malformed),
        }
    }

    /// The password was stretched.
    pub fn stretched(&mut self, salted: &[u8]) -> Option<Step> {
        match std::mem::replace(self, Self::Over) {
            Self::Stretching(server) => {
                let proof = server.prove(salted);
                Some(self.prove(proof))
            }
            other => {
                *self = other;
                None
            }
        }
    }

    fn prove(&mut self, proof: Proof) -> Step {
        let element = Element::new(ns::SASL, "response").text_with(&Base64::encode_string(proof.message.as_bytes()));
        *self = Self::Proven(Box::new(proof));
        Step::Send(element)
    }
}

/// The mechanism for tokens (RFC 7628).
const BEARER: &str = "OAUTHBEARER";

/// The mechanisms by which a token may go, the best first. ejabberd offers X-OAUTH2 for the tokens that it made itself,
/// and PLAIN for those of others (JWT), whose three parts have dots between them.
fn way_of_token(token: &str) -> [&'static str; 3] {
    match token.split('.').count() {
        3 => [BEARER, "PLAIN", "X-OAUTH2"],
        _ => [BEARER, "X-OAUTH2", "PLAIN"],
    }
}

fn auth(mechanism: &str, message: Option<&str>) -> Element {
    let element = Element::new(ns::SASL, "auth").with("mechanism", mechanism);
    match message {
        Some(message) => element.text_with(&Base64::encode_string(message.as_bytes())),
        None => element,
    }
}

fn abort() -> Element {
    Element::new(ns::SASL, "abort")
}

fn decode(element: &Element) -> Result<String, ScramError> {
    let bytes = Base64::decode_vec(element.text().trim()).map_err(|_| ScramError::Malformed)?;
    String::from_utf8(bytes).map_err(|_| ScramError::Malformed)
}

fn broken(error: ScramError) -> Step {
    let reason = match error {
        ScramError::Malformed => Reason::BadServer,
        ScramError::Nonce | ScramError::ServerNotProven => Reason::ServerNotProven,
        ScramError::Iterations => Reason::UnsafeIterations,
    };
    Step::Failed(Problem::new(reason), Some(abort()))
}

fn failure(element: &Element) -> Problem {
    let condition = element.children().find(|child| child.namespace() == ns::SASL && child.name() != "text");
    let reason = match condition.map(Element::name) {
        Some("not-authorized") => Reason::WrongPassword,
        Some("account-disabled") => Reason::AccountDisabled,
        Some("credentials-expired") => Reason::CredentialsExpired,
        Some("encryption-required") => Reason::EncryptionRequired,
        Some("invalid-mechanism" | "mechanism-too-weak") => Reason::NoCommonMechanism,
        Some("temporary-auth-failure") => Reason::TemporaryAuthFailure,
        _ => Reason::AuthRefused,
    };
    let text = element.child(ns::SASL, "text").map(Element::text).filter(|text| !text.is_empty());
    Problem { reason, text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::xml::{Limits, parse};

    fn begin(credentials: &Credentials, offered: &[&str], policy: Policy) -> Result<(Exchange, Element), Reason> {
        let offered: Vec<_> = offered.iter().map(|name| (*name).to_owned()).collect();
        Exchange::begin("romeo", credentials, &offered, policy, &mut Entropy::new([1; 32]))
            .map_err(|problem| problem.reason)
    }

    fn password() -> Credentials {
        Credentials::Password("secret".into(), None)
    }

    fn mechanism(credentials: &Credentials, offered: &[&str], policy: Policy) -> Result<String, Reason> {
        begin(credentials, offered, policy).map(|(_, auth)| auth.attribute("mechanism").unwrap().to_owned())
    }

    #[test]
    fn the_strongest_way_is_taken_and_plain_only_if_allowed() {
        let all = ["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-512-PLUS"];
        let strict = Policy::default();
        let lenient = Policy { plain: true, scram_seen: false };
        assert_eq!(mechanism(&password(), &all, lenient).as_deref(), Ok("SCRAM-SHA-512"));
        assert_eq!(mechanism(&password(), &["PLAIN", "SCRAM-SHA-1"], lenient).as_deref(), Ok("SCRAM-SHA-1"));
        assert_eq!(mechanism(&password(), &["PLAIN"], lenient).as_deref(), Ok("PLAIN"));
        assert_eq!(mechanism(&password(), &["PLAIN"], strict), Err(Reason::NoCommonMechanism));
        assert_eq!(
            mechanism(&password(), &["PLAIN"], Policy { plain: true, scram_seen: true }),
            Err(Reason::Downgrade)
        );
        assert_eq!(mechanism(&password(), &["SCRAM-SHA-1-PLUS"], lenient), Err(Reason::NoCommonMechanism));
        assert_eq!(mechanism(&Credentials::Guest, &["ANONYMOUS"], strict).as_deref(), Ok("ANONYMOUS"));
        assert_eq!(mechanism(&Credentials::Guest, &all, strict), Err(Reason::GuestsRefused));
    }

    #[test]
    fn a_token_goes_the_way_that_is_for_it() {
        let own = Credentials::Token("opaque".into());
        let signed = Credentials::Token("head.claims.signature".into());
        let strict = Policy::default();
        let ejabberd = ["PLAIN", "X-OAUTH2", "SCRAM-SHA-512"];
        assert_eq!(mechanism(&own, &ejabberd, strict).as_deref(), Ok("X-OAUTH2"));
        assert_eq!(mechanism(&signed, &ejabberd, strict).as_deref(), Ok("PLAIN"));
        assert_eq!(mechanism(&signed, &["PLAIN", "OAUTHBEARER"], strict).as_deref(), Ok("OAUTHBEARER"));
        assert_eq!(mechanism(&own, &["SCRAM-SHA-1"], strict).as_deref(), Ok("SCRAM-SHA-1"));
        assert_eq!(mechanism(&own, &["EXTERNAL"], strict), Err(Reason::NoCommonMechanism));
    }

    #[test]
    fn a_bearer_hears_why_it_is_refused() {
        let (mut exchange, auth) =
            begin(&Credentials::Token("opaque".into()), &["OAUTHBEARER"], Policy::default()).unwrap();
        assert_eq!(decode(&auth).unwrap(), "n,,\u{1}auth=Bearer opaque\u{1}\u{1}");
        let Step::Send(heard) = exchange.handle(&sasl("challenge", "{\"status\":\"invalid_token\"}")) else { panic!() };
        assert_eq!(decode(&heard).unwrap(), "\u{1}");
        let refused = Element::new(ns::SASL, "failure").child_with(Element::new(ns::SASL, "not-authorized"));
        assert!(matches!(exchange.handle(&refused), Step::Failed(_, None)));
        let (mut exchange, _) =
            begin(&Credentials::Token("opaque".into()), &["OAUTHBEARER"], Policy::default()).unwrap();
        assert!(matches!(exchange.handle(&Element::new(ns::SASL, "success")), Step::Done(None)));
    }

    fn sasl(name: &'static str, message: &str) -> Element {
        Element::new(ns::SASL, name).text_with(&Base64::encode_string(message.as_bytes()))
    }

    /// An exchange whose proof is out, and the message that the true server would answer.
    fn proven() -> (Exchange, String) {
        let (mut exchange, auth) = begin(&password(), &["SCRAM-SHA-1"], Policy::default()).unwrap();
        let nonce = decode(&auth).unwrap().rsplit_once("r=").unwrap().1.to_owned();
        let Step::Stretch { salt, iterations, .. } =
            exchange.handle(&sasl("challenge", &format!("r={nonce}xyz,s=QSXCR+Q6sek8bf92,i=4096")))
        else {
            panic!()
        };
        let mut salted = [0; 20];
        pbkdf2::pbkdf2_hmac::<sha1::Sha1>(b"secret", &salt, iterations, &mut salted);
        assert!(matches!(exchange.stretched(&salted), Some(Step::Send(_))));
        let Exchange::Proven(proof) = &exchange else { panic!() };
        let signature = format!("v={}", Base64::encode_string(proof.signature()));
        (exchange, signature)
    }

    #[test]
    fn success_counts_only_with_the_servers_proof() {
        let (mut exchange, signature) = proven();
        assert!(matches!(exchange.handle(&sasl("success", &signature)), Step::Done(Some(_))));
        let (mut exchange, signature) = proven();
        assert!(matches!(exchange.handle(&sasl("challenge", &signature)), Step::Send(_)));
        assert!(matches!(exchange.handle(&Element::new(ns::SASL, "success")), Step::Done(Some(_))));
        for forged in [sasl("success", "v=AAAA"), Element::new(ns::SASL, "success")] {
            let (mut exchange, _) = proven();
            let Step::Failed(problem, Some(_)) = exchange.handle(&forged) else { panic!() };
            assert_eq!(problem.reason, Reason::ServerNotProven);
        }
        let (mut exchange, _) = begin(&password(), &["SCRAM-SHA-1"], Policy::default()).unwrap();
        let Step::Failed(problem, _) = exchange.handle(&Element::new(ns::SASL, "success")) else { panic!() };
        assert_eq!(problem.reason, Reason::ServerNotProven);
    }

    #[test]
    fn every_failure_has_its_reason() {
        for (condition, reason) in [
            ("aborted", Reason::AuthRefused),
            ("account-disabled", Reason::AccountDisabled),
            ("credentials-expired", Reason::CredentialsExpired),
            ("encryption-required", Reason::EncryptionRequired),
            ("incorrect-encoding", Reason::AuthRefused),
            ("invalid-authzid", Reason::AuthRefused),
            ("invalid-mechanism", Reason::NoCommonMechanism),
            ("malformed-request", Reason::AuthRefused),
            ("mechanism-too-weak", Reason::NoCommonMechanism),
            ("not-authorized", Reason::WrongPassword),
            ("temporary-auth-failure", Reason::TemporaryAuthFailure),
            ("something-new", Reason::AuthRefused),
        ] {
            let frame = format!("<failure xmlns='{}'><{condition}/><text>why</text></failure>", ns::SASL);
            let problem = failure(&parse(&frame, &Limits::STANZA).unwrap());
            assert_eq!(problem, Problem { reason, text: Some("why".into()) }, "{condition}");
        }
    }
}
