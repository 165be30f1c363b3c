-- Where a browser finds the WebSocket of this host (XEP-0156). Prosody 0.12 has no module of its own for it.
module:depends("http");

local json = require "util.json";

local url = module:http_url("websocket", "xmpp-websocket"):gsub("^http", "ws");
local relation = "urn:xmpp:alt-connections:websocket";

local xrd = "<?xml version='1.0' encoding='utf-8'?>\n<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><Link rel='"
	.. relation .. "' href='" .. url .. "'/></XRD>\n";
local jrd = json.encode({ links = { { rel = relation, href = url } } });

local function answer(content_type, body)
	return function (event)
		event.response.headers.content_type = content_type;
		event.response.headers.access_control_allow_origin = "*";
		return body;
	end
end

module:provides("http", {
	name = "host_meta";
	default_path = "/.well-known";
	route = {
		["GET /host-meta"] = answer("application/xrd+xml", xrd);
		["GET /host-meta.json"] = answer("application/json", jrd);
	};
});
