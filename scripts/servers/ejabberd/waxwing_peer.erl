%% The one server we federate with is on this machine at a port of its own, and no name server knows it. ejabberd asks
%% for an SRV record first; so it finds one in Erlang's own cache, made to outlive any development server.
-module(waxwing_peer).

-export([start/0]).

-define(THREE_YEARS, 100000000).

start() ->
    Port = list_to_integer(os:getenv("WAXWING_PEER_PORT")),
    [inet_db:add_rr("_xmpp-server._tcp." ++ Domain, in, srv, ?THREE_YEARS, {0, 0, Port, "localhost"})
     || Domain <- ["b.localhost", "conference.b.localhost", "upload.b.localhost"]],
    ok.
