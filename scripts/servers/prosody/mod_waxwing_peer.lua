-- The one server we federate with is on this machine at a port of its own, and no name server knows it.
module:set_global();

local service = require "net.resolvers.service";
local manual = require "net.resolvers.manual";
local port = module:get_option_number("waxwing_peer_port");

local look_up = service.new;

function service.new(hostname, name, conn_type, extra)
	if hostname == "a.localhost" or hostname:sub(-12) == ".a.localhost" then
		return manual.new({ { "tcp", "127.0.0.1", port, extra } }, conn_type, extra);
	end
	return look_up(hostname, name, conn_type, extra);
end
