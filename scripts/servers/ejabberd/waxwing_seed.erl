%% Fills a development server with accounts, contacts and history, straight into its store, so that ten thousand
%% contacts or a message of last week take no time. The language of seeds is described in scripts/README.md.
-module(waxwing_seed).

-export([start/0, process/2]).

-include("xmpp.hrl").
-include("ejabberd_http.hrl").
-include("mod_roster.hrl").
-include("mod_mam.hrl").

-define(HOST, (list_to_binary(os:getenv("WAXWING_DOMAIN")))).
-define(ROOMS, <<"conference.", ?HOST/binary>>).

%% Started after ejabberd itself: apply the seed given for the start, then say that the server is ready.
start() ->
    Ready = os:getenv("WAXWING_READY"),
    Verdict = case os:getenv("WAXWING_SEED") of
                  Seed when Seed =:= false; Seed =:= "" -> ok;
                  Path ->
                      {ok, Text} = file:read_file(Path),
                      apply_seed(Text)
              end,
    ok = file:write_file(Ready, case Verdict of
                                    ok -> <<"ok\n">>;
                                    {error, Why} -> Why
                                end).

%% POST /seed
process([], #request{method = 'POST', data = Text}) ->
    case apply_seed(Text) of
        ok -> {200, [], <<"ok\n">>};
        {error, Why} -> {400, [], Why}
    end;
process(_, _) ->
    {404, [], <<"POST a seed to /seed\n">>}.

apply_seed(Text) ->
    apply_lines(binary:split(Text, <<"\n">>, [global])).

apply_lines([]) -> ok;
apply_lines([Line | Rest]) ->
    try entry(fields(Line)) of
        _ -> apply_lines(Rest)
    catch
        _:Reason -> {error, unicode:characters_to_binary(io_lib:format("not understood: ~ts (~p)~n", [Line, Reason]))}
    end.

fields(<<"#", _/binary>>) -> [];
fields(Line) ->
    case string:trim(Line) of
        <<>> -> [];
        Words -> [string:trim(Word) || Word <- binary:split(Words, <<"|">>, [global])]
    end.

entry([]) -> ok;
entry([<<"account">>, User, Password]) ->
    case ejabberd_auth:try_register(User, ?HOST, Password) of
        ok -> ok;
        {error, exists} -> ok
    end;
entry([<<"contact">>, Owner, Contact, Name | Groups]) ->
    add_contacts([contact(Owner, address(Contact), Name, Groups)]);
entry([<<"contacts">>, Owner, Count]) ->
    add_contacts([contact(Owner, address(numbered("c~5..0b", N)), numbered("Contact ~5..0b", N),
                          [numbered("Group ~2..0b", N rem 20)])
                  || N <- lists:seq(1, binary_to_integer(Count))]);
entry([<<"message">>, Minutes, From, To | Words]) ->
    {Sender, Receiver} = {address(From), address(To)},
    Stamp = minutes_ago(Minutes),
    Message = message(Sender, Receiver, <<"chat">>, Stamp, Words),
    [archive(Own, Stamp, Peer, chat, <<>>, Message)
     || {Own, Peer} <- [{Sender, Receiver}, {Receiver, Sender}], Own#jid.lserver =:= ?HOST];
entry([<<"history">>, Minutes, Owner, Contact, Count]) ->
    {Own, Peer, Last, End} = {address(Owner), address(Contact), binary_to_integer(Count), minutes_ago(Minutes)},
    archive_all([begin
                     Stamp = End - (Last - N) * 1000000,
                     Words = numbered("Message ~b of a long history", N),
                     archived(Own, Stamp, Peer, chat, <<>>, message(Peer, Own, <<"chat">>, Stamp, [Words]))
                 end || N <- lists:seq(1, Last)]);
entry([<<"room">>, Room, Title, Owner]) ->
    Options = [{<<"title">>, Title}, {<<"persistent">>, <<"true">>}, {<<"public">>, <<"true">>},
               {<<"mam">>, <<"true">>}],
    ok = mod_muc_admin:create_room_with_opts(Room, ?ROOMS, ?HOST, Options),
    ok = mod_muc_admin:set_room_affiliation(Room, ?ROOMS, jid:encode(address(Owner)), <<"owner">>);
entry([<<"say">>, Room, Minutes, Nick | Words]) ->
    RoomAddress = jid:make(Room, ?ROOMS),
    Stamp = minutes_ago(Minutes),
    Message = message(jid:replace_resource(RoomAddress, Nick), RoomAddress, <<"groupchat">>, Stamp, Words),
    archive(RoomAddress, Stamp, address(Nick), groupchat, Nick, Message).

contact(Owner, Contact, Name, Groups) ->
    #roster{usj = {Owner, ?HOST, jid:tolower(Contact)}, us = {Owner, ?HOST}, jid = jid:tolower(Contact),
            name = Name, subscription = both, groups = Groups}.

%% Past mod_roster and without a transaction, which halves the time. Ten thousand still take some 4 s: the table's index.
add_contacts(Contacts) ->
    mnesia:activity(async_dirty, fun() -> lists:foreach(fun mnesia:write/1, Contacts) end).

%% Past Mnesia, which compares each message with all that the owner has: ten thousand would take half a minute.
archive_all(Messages) ->
    disc_only_copies = mnesia:table_info(archive_msg, storage_type),
    ok = dets:insert(archive_msg, Messages).

archive(Own, Stamp, Peer, Type, Nick, Message) ->
    ok = mnesia:dirty_write(archived(Own, Stamp, Peer, Type, Nick, Message)).

archived(Own, Stamp, Peer, Type, Nick, Message) ->
    #archive_msg{us = {Own#jid.luser, Own#jid.lserver},
                 id = integer_to_binary(Stamp),
                 timestamp = misc:usec_to_now(Stamp),
                 peer = jid:tolower(Peer),
                 bare_peer = jid:remove_resource(jid:tolower(Peer)),
                 type = Type, nick = Nick, packet = Message}.

message(From, To, Type, Stamp, Words) ->
    Id = <<"seed-", (integer_to_binary(Stamp))/binary>>,
    Body = lists:join(<<" | ">>, Words),
    #xmlel{name = <<"message">>,
           attrs = [{<<"xmlns">>, <<"jabber:client">>}, {<<"from">>, jid:encode(From)}, {<<"to">>, jid:encode(To)},
                    {<<"type">>, Type}, {<<"id">>, Id}],
           children = [#xmlel{name = <<"body">>, children = [{xmlcdata, iolist_to_binary(Body)}]},
                       #xmlel{name = <<"origin-id">>, attrs = [{<<"xmlns">>, <<"urn:xmpp:sid:0">>}, {<<"id">>, Id}]}]}.

address(Name) ->
    case binary:match(Name, <<"@">>) of
        nomatch -> jid:make(Name, ?HOST);
        _ -> jid:decode(Name)
    end.

%% Microseconds, no two alike, so that they serve as archive ids.
minutes_ago(Minutes) ->
    erlang:system_time(microsecond) - binary_to_integer(Minutes) * 60 * 1000000.

numbered(Format, N) -> iolist_to_binary(io_lib:format(Format, [N])).
