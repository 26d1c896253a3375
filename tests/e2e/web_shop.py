"""A small web application for a real browser: a page on one origin, its API on another, both over HTTPS.

The page does at its start what applications do: it loads a style sheet, a script and a picture, logs in (a cookie),
reads a list, creates an item with a name that the user typed and reads it back, updates it on the other origin (which
needs a CORS preflight), follows a redirect, reads a compressed answer and a stream of events. What it got it shows.
"""

import gzip
import json
import time
from base64 import b64decode
from dataclasses import dataclass, field
from itertools import count

from upstream import Handler, Upstream

PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8"><title>Shop</title>
  <link rel="icon" href="/favicon.png">
  <link rel="stylesheet" href="/style.css">
</head>
<body>
  <h1>Shop</h1>
  <img id="logo" src="/logo.png" alt="logo">
  <p id="styled"></p>
  <p id="list"></p>
  <input id="name"><button id="create">Create</button>
  <p id="created"></p>
  <p id="updated"></p>
  <p id="moved"></p>
  <p id="packed"></p>
  <p id="events"></p>
  <p id="state">loading</p>
  <script src="/app.js"></script>
</body>
</html>
"""

SCRIPT = """
const api = "%(api)s";
const show = (id, text) => { document.getElementById(id).textContent = text; };
const json = async (url, options) => {
  const answer = await fetch(url, options);
  if (!answer.ok) { throw new Error(`${answer.status} for ${url}`); }
  return answer.json();
};
const send = (method, value) =>
  ({method, headers: {"Content-Type": "application/json", "X-Trace": "shop"}, body: JSON.stringify(value)});
const events = () => new Promise((resolve, reject) => {
  const texts = [];
  const source = new EventSource("/events");
  source.addEventListener("price", (event) => texts.push(event.data));
  source.addEventListener("end", () => { source.close(); resolve(texts); });
  source.onerror = () => { source.close(); reject(new Error("events broke off")); };
});
const attempt = async (steps) => {
  try { await steps(); } catch (error) { show("state", `failed: ${error.message}`); }
};
const start = async () => {
  const picture = document.getElementById("logo");
  await picture.decode();
  show("styled", `${getComputedStyle(document.body).color}, ${picture.naturalWidth} px`);
  await json("/login", send("POST", {user: "ada", password: "correct horse battery"}));
  show("list", (await json("/items?sort=name")).map((item) => item.name).join(", "));
  const moved = await fetch("/old");
  show("moved", `${moved.redirected} ${new URL(moved.url).pathname}: ${await moved.text()}`);
  show("packed", (await json("/packed")).text);
  show("events", (await events()).join(" < "));
  show("state", "ready");
};
const create = async () => {
  const name = document.getElementById("name").value;
  const made = await json("/items", send("POST", {name}));
  show("created", JSON.stringify(await json(`/items/${made.id}`)));
  const updated = await json(`${api}/stock/${made.id}`, send("PUT", {stock: 3}));
  show("updated", `${updated.name} x ${updated.stock}`);
  show("state", "created");
};
document.getElementById("create").addEventListener("click", () => attempt(create));
attempt(start);
"""

STYLE = "body { color: rgb(1, 2, 3); font-family: sans-serif; }"
# A picture of 1 by 1 pixel.
PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
EVENTS = ("price:9.50", "price:9.80", "end:bye")


@dataclass
class Shop:
    """The state of the application: what the page created."""

    items: dict[str, str] = field(default_factory=lambda: {"1": "tea", "2": "coffee"})
    numbers: "count[int]" = field(default_factory=lambda: count(int(time.time())))

    def create(self, handler: Handler) -> None:
        number = str(next(self.numbers))
        self.items[number] = json.loads(handler.body)["name"]
        handler.server.upstream.answers[f"GET /items/{number}"] = lambda reading: self.item(reading, number)
        handler.reply(201, json.dumps({"id": number}).encode(), Location=f"/items/{number}")

    def item(self, handler: Handler, number: str) -> None:
        if "sid=" not in handler.headers.get("Cookie", ""):
            handler.reply(401, b'{"error":"log in"}')
            return
        handler.reply(200, json.dumps({"id": number, "name": self.items[number]}).encode(), Vary="Cookie")

    def list(self, handler: Handler) -> None:
        items = [{"id": number, "name": name} for number, name in self.items.items()]
        handler.reply(200, json.dumps(items).encode(), ETag='"items-1"')


def log_in(handler: Handler) -> None:
    handler.reply(200, b'{"token_type":"cookie"}', Set_Cookie="sid=0123456789abcdef; Path=/; Secure; HttpOnly")


def stream(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for kind, _, data in (event.partition(":") for event in EVENTS):
        piece = f"event: {kind}\ndata: {data}\n\n".encode()
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        time.sleep(0.05)
    handler.wfile.write(b"0\r\n\r\n")


def offer(page: Upstream, api: Upstream) -> Shop:
    """Make the two services answer as the application."""
    shop = Shop()
    api_url = f"https://127.0.0.1:{api.port}"
    page.says("GET /", body=PAGE.encode(), content_type="text/html; charset=utf-8")
    page.says("GET /app.js", body=(SCRIPT % {"api": api_url}).encode(), content_type="text/javascript")
    page.says("GET /style.css", body=STYLE.encode(), content_type="text/css")
    for picture in ("logo", "favicon"):
        page.says(f"GET /{picture}.png", body=PICTURE, content_type="image/png")
    page.answers["POST /login"] = log_in
    page.answers["GET /items"] = shop.list
    page.answers["POST /items"] = shop.create
    page.says("GET /old", 302, b"", Location="/new")
    page.says("GET /new", body=b"moved here", content_type="text/plain")
    page.says("GET /packed", body=gzip.compress(b'{"text":"un\xc3\xa9 unpacked"}'), Content_Encoding="gzip")
    page.answers["GET /events"] = stream
    api.answers["*"] = lambda handler: _stock(shop, handler)
    return shop


def _stock(shop: Shop, handler: Handler) -> None:
    origin = handler.headers.get("Origin", "")
    if handler.command == "OPTIONS":
        allowed = {"Access_Control_Allow_Methods": "PUT", "Access_Control_Allow_Headers": "content-type, x-trace"}
        handler.reply(204, b"", None, Access_Control_Allow_Origin=origin, Vary="Origin", **allowed)
        return
    number = handler.path.rpartition("/")[2]
    stock = {"name": shop.items[number], "stock": json.loads(handler.body)["stock"]}
    handler.reply(200, json.dumps(stock).encode(), Access_Control_Allow_Origin=origin, Vary="Origin")
