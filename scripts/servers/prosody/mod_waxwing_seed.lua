-- Fills a development server with accounts, contacts and history, straight into its store, so that ten thousand
-- contacts or a message of last week take no time. The language of seeds is described in scripts/README.md.

-- A configuration may load this for all of its hosts.
if module.host ~= os.getenv("WAXWING_DOMAIN") then return; end

module:depends("http");

local jid = require "util.jid";
local st = require "util.stanza";
local usermanager = require "core.usermanager";
local rostermanager = require "core.rostermanager";

local host = module.host;
local rooms_host = "conference." .. host;
local archive = module:open_store("archive", "archive");

local function address(name)
	return name:find("@", 1, true) and name or (name .. "@" .. host);
end

local function message(from, to, kind, id, body)
	return st.message({ from = from, to = to, type = kind, id = id })
		:text_tag("body", body)
		:tag("origin-id", { xmlns = "urn:xmpp:sid:0", id = id }):up();
end

local last_id = 0;
local function new_id()
	last_id = last_id + 1;
	return ("seed-%d-%d"):format(os.time(), last_id);
end

local function minutes_ago(minutes)
	return os.time() - tonumber(minutes) * 60;
end

local function add_contacts(owner, contacts)
	local roster = rostermanager.load_roster(owner, host);
	for _, contact in ipairs(contacts) do
		local groups = {};
		for _, group in ipairs(contact.groups) do groups[group] = true; end
		roster[contact.jid] = { name = contact.name, subscription = "both", groups = groups };
	end
	assert(rostermanager.save_roster(owner, host, roster));
end

local entries = {};

function entries.account(user, password)
	if not usermanager.user_exists(user, host) then
		assert(usermanager.create_user(user, password, host));
	end
end

function entries.contact(owner, contact, name, ...)
	add_contacts(owner, { { jid = address(contact), name = name, groups = { ... } } });
end

function entries.contacts(owner, count)
	local contacts = {};
	for n = 1, tonumber(count) do
		contacts[n] = {
			jid = address(("c%05d"):format(n));
			name = ("Contact %05d"):format(n);
			groups = { ("Group %02d"):format(n % 20) };
		};
	end
	add_contacts(owner, contacts);
end

function entries.message(minutes, from, to, ...)
	from, to = address(from), address(to);
	local stanza = message(from, to, "chat", new_id(), table.concat({ ... }, " | "));
	for own, peer in pairs({ [from] = to, [to] = from }) do
		local user, domain = jid.split(own);
		if domain == host then
			assert(archive:append(user, nil, stanza, minutes_ago(minutes), peer));
		end
	end
end

function entries.history(minutes, owner, contact, count)
	local from, to, last = address(contact), address(owner), minutes_ago(minutes);
	for n = 1, tonumber(count) do
		local stanza = message(from, to, "chat", new_id(), ("Message %d of a long history"):format(n));
		assert(archive:append((jid.split(to)), nil, stanza, last - tonumber(count) + n, from));
	end
end

function entries.room(name, title, owner)
	local muc = module:context(rooms_host):depends("muc");
	local room_jid = name .. "@" .. rooms_host;
	local room = muc.get_room_from_jid(room_jid) or assert(muc.create_room(room_jid));
	room:set_name(title);
	room:set_persistent(true);
	room:set_public(true);
	assert(room:set_affiliation(true, address(owner), "owner"));
	room:save(true);
end

function entries.say(room, minutes, nick, ...)
	local room_jid = room .. "@" .. rooms_host;
	local stanza = message(room_jid .. "/" .. nick, room_jid, "groupchat", new_id(), table.concat({ ... }, " | "));
	local log = module:context(rooms_host):open_store("muc_log", "archive");
	assert(log:append(room, nil, stanza, minutes_ago(minutes), "message<groupchat"));
end

local function fields(line)
	local words = {};
	if line:sub(1, 1) == "#" then return words; end
	for word in line:gmatch("[^|]+") do
		words[#words + 1] = word:match("^%s*(.-)%s*$");
	end
	return words;
end

-- nil when all lines were applied, else what is wrong.
local function apply_seed(text)
	for line in text:gmatch("[^\r\n]+") do
		local words = fields(line);
		local entry = words[1];
		if entry and entry ~= "" then
			local ok, why = pcall(entries[entry], table.unpack(words, 2));
			if not ok then
				return ("not understood: %s (%s)\n"):format(line, tostring(why));
			end
		end
	end
end

module:provides("http", {
	name = "seed";
	default_path = "/seed";
	route = {
		["POST"] = function (event)
			local problem = apply_seed(event.request.body);
			if problem then
				event.response.status_code = 400;
				return problem;
			end
			return "ok\n";
		end;
	};
});

-- Apply the seed given for the start, then say that the server is ready.
module:hook_global("server-started", function ()
	local path, problem = os.getenv("WAXWING_SEED"), nil;
	if path and path ~= "" then
		local file = assert(io.open(path, "rb"));
		problem = apply_seed(file:read("*a"));
		file:close();
	end
	local ready = assert(io.open(os.getenv("WAXWING_READY"), "w"));
	ready:write(problem or "ok\n");
	ready:close();
end);
