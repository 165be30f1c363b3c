-- Waxwing out of Prosody itself, at https://example.org:5281/: the folder that `make dist` wrote, with the headers that the
-- page needs. Prosody's own mod_http_files sends no policy and compresses nothing.
--
--   plugin_paths = { "/etc/prosody/modules" }      where this file lies
--   modules_enabled = { ...; "waxwing" }
--   waxwing_path = "/var/www/waxwing"
--   waxwing_embed = { "https://www.example.com" }  sites that have <waxwing-chat isolation="frame">, as in config.json
--   waxwing_policy = "..."                         if the one below does not fit; example.org in it is your host

module:depends("http");

local serve = require "net.http.files".serve;
local attributes = require "lfs".attributes;

local folder = module:get_option_string("waxwing_path", "/var/www/waxwing");
local usual = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: https://upload.example.org:5281; media-src 'self' blob: https://upload.example.org:5281; font-src 'self'; connect-src 'self' wss://example.org:5281 https://upload.example.org:5281; worker-src 'self'; manifest-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types waxwing";
local policy = module:get_option_string("waxwing_policy", (usual:gsub("example%.org", module.host)));
-- Nobody may show the page in a frame. <waxwing-chat isolation="frame"> shows frame.html.
local sites = table.concat(module:get_option_array("waxwing_embed", {}), " ");
local framed = policy:gsub("frame%-ancestors 'none'", (("frame-ancestors 'self' " .. sites):gsub("%%", "%%%%")));

local types = {
	html = "text/html; charset=utf-8"; js = "text/javascript; charset=utf-8"; css = "text/css; charset=utf-8";
	txt = "text/plain; charset=utf-8"; json = "application/json"; webmanifest = "application/manifest+json";
	wasm = "application/wasm"; svg = "image/svg+xml"; png = "image/png";
};

local plain = serve { path = folder; mime_map = types };
-- `make dist` has compressed everything: x.js.br is x.js for whoever understands it, and has the type of that.
local compressed = {};
for ending, media_type in pairs(types) do
	compressed[ending] = serve { path = folder; mime_map = { br = media_type; gz = media_type } };
end

-- A name with a hash never changes its content.
local function is_hashed(name)
	local hash = name:match("%-(%x+)[-_.]");
	return hash ~= nil and #hash >= 12;
end

local function answer(event, name)
	name = name == "" and "index.html" or name;
	local headers = event.response.headers;
	headers.content_security_policy = policy;
	headers.x_content_type_options = "nosniff";
	headers.referrer_policy = "no-referrer";
	headers.cross_origin_opener_policy = "same-origin";
	headers.cross_origin_resource_policy = "same-origin";
	headers.cache_control = "no-cache";
	headers.vary = "Accept-Encoding";
	if attributes(folder .. "/" .. name, "mode") ~= "file" then return 404; end

	if is_hashed(name) then headers.cache_control = "public, max-age=31536000, immutable"; end
	-- What <waxwing-chat> is made of may be loaded by pages of other sites; the page and its configuration may not.
	if name == "emoji.txt" or name:match("^widget") and not name:match("%.html$") then
		headers.cross_origin_resource_policy = "cross-origin";
		headers.access_control_allow_origin = "*";
	elseif name == "frame.html" then
		headers.content_security_policy = framed;
	end

	local accepted = "," .. (event.request.headers.accept_encoding or ""):gsub("%s", "") .. ",";
	local ending = name:match("%.(%w+)$");
	for _, coding in ipairs { { "br", ".br" }, { "gzip", ".gz" } } do
		if accepted:find("," .. coding[1] .. "[,;]") and compressed[ending]
			and attributes(folder .. "/" .. name .. coding[2], "mode") == "file" then
			headers.content_encoding = coding[1];
			return compressed[ending](event, name .. coding[2]);
		end
	end
	return plain(event, name);
end

module:provides("http", {
	default_path = "/";
	cors = { enabled = false };
	route = { ["GET /*"] = answer };
});
