// MockServer's Node client, unmodified, against the program at a port: node suite.js PORT KIND
// One line of JSON for each case: its name, and what went wrong.
"use strict";

const assert = require("node:assert/strict");
const http = require("node:http");
const { mockServerClient, MockMode } = require("mockserver-client");

const [port, kind] = [Number(process.argv[2]), process.argv[3]];
const client = mockServerClient("127.0.0.1", port);

function send(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port, method, path, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function refused(thenable) {
  try {
    await thenable;
  } catch (error) {
    return String(error);
  }
  assert.fail("it was not refused");
}

const paths = (found) => found.map((each) => (each.httpRequest || each).path);

const cases = {
  async "a simple response is set and given"() {
    await client.mockSimpleResponse("/simple", { name: "value" }, 203);
    const answer = await send("GET", "/simple");
    assert.equal(answer.status, 203);
    assert.deepEqual(JSON.parse(answer.text), { name: "value" });
  },
  async "default headers go with every expectation"() {
    const other = mockServerClient("127.0.0.1", port);
    other.setDefaultHeaders([{ name: "X-Default", values: ["yes"] }], []);
    await other.mockSimpleResponse("/default", {}, 200);
    assert.equal((await send("GET", "/default")).headers["x-default"], "yes");
  },
  async "expectations are set together, in turn and step by step"() {
    await client.mockAnyResponse([
      { httpRequest: { path: "/one", method: "POST", body: { type: "STRING", string: "x" } }, httpResponse: { body: "1" } },
      { httpRequest: { path: "/two" }, httpResponse: { statusCode: 202 }, times: { remainingTimes: 1, unlimited: false } },
    ]);
    assert.equal((await send("POST", "/one", "x")).text, "1");
    assert.equal((await send("POST", "/one", "y")).status, 404);
    assert.equal((await send("GET", "/two")).status, 202);
    assert.equal((await send("GET", "/two")).status, 404);
    await client.when({ path: "/three" }).withTimes(2).withPriority(5).withId("three").respond({ body: "3" });
    assert.equal((await send("GET", "/three")).text, "3");
    const [three] = await client.retrieveActiveExpectationsById("three");
    assert.equal(three.priority, 5);
    assert.deepEqual(three.times, { remainingTimes: 1 });
  },
  async "what is no expectation is refused"() {
    assert.match(await refused(client.mockAnyResponse({ nonsense: 1 })), /^incorrect expectation json format for:/);
  },
  async "requests are verified"() {
    await client.mockAnyResponse({ id: "mine", httpRequest: { path: "/a" }, httpResponse: { body: "A" } });
    await client.verifyZeroInteractions();
    for (const path of ["/a?n=1", "/b", "/a?n=2"]) await send("GET", path);
    await client.verify({ path: "/a" });
    await client.verify({ path: "/a" }, 2, 2);
    await client.verify({ path: "/none" }, 0, 0);
    await client.verify({ path: "/a", queryStringParameters: [{ name: "n", values: ["2"] }] }, 1, 1);
    await client.verifyById({ id: "mine" }, 2);
    await client.verifyResponse({ statusCode: 404 }, 1, 1);
    await client.verifyRequestAndResponse({ path: "/a" }, { body: "A" }, 2);
    assert.equal(await refused(client.verify({ path: "/a" }, 3)), "Request not found at least 3 times");
    assert.equal(await refused(client.verify({ path: "/a" }, 1, 1)), "Request not found exactly once");
    assert.equal(await refused(client.verifyZeroInteractions()), "Request not found exactly 0 times");
    assert.equal(await refused(client.verifyById({ id: "nobody" })), "No expectation found with id nobody");
  },
  async "the order of requests is verified"() {
    await client.mockAnyResponse({ id: "b", httpRequest: { path: "/b" }, httpResponse: {} });
    for (const path of ["/a", "/b", "/c"]) await send("GET", path);
    await client.verifySequence({ path: "/a" }, { path: "/c" });
    await client.verifySequenceById({ id: "b" });
    await client.verifySequenceWithResponses([
      { request: { path: "/b" }, response: { statusCode: 200 } },
      { request: { path: "/c" }, response: { statusCode: 404 } },
    ]);
    assert.equal(await refused(client.verifySequence({ path: "/c" }, { path: "/a" })), "Request sequence not found");
  },
  async "the log is retrieved"() {
    await client.mockAnyResponse({ id: "mine", httpRequest: { path: "/a" }, httpResponse: { body: "A" } });
    await send("GET", "/a");
    await send("PUT", "/b", '{"n": 1}');
    assert.deepEqual(paths(await client.retrieveRecordedRequests()), ["/a", "/b"]);
    assert.deepEqual(paths(await client.retrieveRecordedRequests("/b")), ["/b"]);
    assert.deepEqual(paths(await client.retrieveRecordedRequests({ method: "GET" })), ["/a"]);
    assert.deepEqual(paths(await client.retrieveRecordedRequestsById("mine")), ["/a"]);
    const pairs = await client.retrieveRecordedRequestsAndResponses();
    assert.deepEqual(pairs.map((each) => each.httpResponse.statusCode), [200, 404]);
    assert.equal((await client.retrieveRecordedRequestsAndResponsesById("mine")).length, 1);
    const har = await client.retrieveRecordedRequestsAndResponsesAsHar();
    assert.deepEqual(har.log.entries.map((each) => each.response.status), [200, 404]);
    const messages = await client.retrieveLogMessages();
    assert.equal(messages.length, 2);
    assert.match(messages[1], /no expectation for:/);
    assert.equal((await client.retrieveLogMessagesById("mine")).length, 1);
    assert.deepEqual(await client.retrieveRecordedExpectations(), []);
    assert.deepEqual(await client.retrieveRecordedExpectationsById("mine"), []);
  },
  async "what is held is cleared"() {
    for (const name of ["a", "b", "c"]) {
      await client.mockAnyResponse({ id: name, httpRequest: { path: `/${name}` }, httpResponse: {} });
      await send("GET", `/${name}`);
    }
    const held = async () => [
      paths(await client.retrieveActiveExpectations()).join(""),
      paths(await client.retrieveRecordedRequests()).join(""),
    ];
    await client.clear("/a", "LOG");
    assert.deepEqual(await held(), ["/a/b/c", "/b/c"]);
    await client.clear({ path: "/b" });
    assert.deepEqual(await held(), ["/a/c", "/c"]);
    await client.clearById("c", "EXPECTATIONS");
    assert.deepEqual(await held(), ["/a", "/c"]);
    await client.clear(undefined, "ALL");
    assert.deepEqual(await held(), ["", ""]);
    await client.mockSimpleResponse("/d", {}, 200);
    await client.reset();
    assert.deepEqual(await held(), ["", ""]);
  },
  async "contracts are imported, exported and verified"() {
    const contract = {
      consumer: { name: "web" },
      provider: { name: "users" },
      interactions: [{ description: "a", request: { path: "/a" }, response: { status: 200, body: { n: 1 } } }],
    };
    assert.deepEqual((await client.pactImport(contract)).map((each) => each.id), ["a"]);
    assert.deepEqual(JSON.parse((await send("GET", "/a")).text), { n: 1 });
    const exported = await client.pactExport("web", "users");
    assert.equal(exported.consumer.name, "web");
    assert.equal((await client.pactVerify(exported)).verified, true);
    await client.reset();
    assert.equal((await client.pactVerify(contract)).verified, false);
    assert.match(await refused(client.pactVerify({})), /must contain at least one interaction/);
  },
  async "documents are imported"() {
    const response = { status: 200, content: { text: "A" } };
    const har = { log: { entries: [{ request: { method: "GET", url: "http://api.example/a" }, response }] } };
    assert.deepEqual(paths(await client.importHar(har)), ["/a"]);
    assert.deepEqual(paths(await client.importDocument(JSON.stringify(har))), ["/a"]);
    const collection = { info: { name: "x" }, item: [{ request: { method: "GET", url: "{{base}}/p" } }] };
    assert.deepEqual(paths(await client.importPostmanCollection(collection)), ["/p"]);
    assert.equal((await send("GET", "/a")).text, "A");
  },
  async "the mode is changed"() {
    assert.deepEqual(await client.setMode(MockMode.SIMULATE), { mode: "SIMULATE", proxyUnmatchedRequests: false });
    assert.equal((await client.retrieveMode()).mode, "SIMULATE");
    if (kind === "proxy") assert.equal((await client.setMode(MockMode.CAPTURE)).mode, "CAPTURE");
    else assert.match(await refused(client.setMode("SPY")), /always in mock mode/);
  },
  async "scenarios are moved"() {
    const scenario = client.scenario("my/order");
    assert.equal((await scenario.state()).currentState || (await scenario.state()), "Started");
    await scenario.set("paid");
    await scenario.trigger("sent");
    const known = await client.scenarios();
    assert.deepEqual(known.scenarios || known, [{ scenarioName: "my/order", currentState: "sent" }]);
  },
  async "metrics are retrieved"() {
    await send("GET", "/a");
    assert.ok((await client.retrieveMetrics()).REQUESTS_RECEIVED_COUNT >= 1);
    assert.match(await client.scrapeMetrics(), /^# HELP pact_recorder_requests_total /);
  },
  async "what is not supported is refused"() {
    assert.equal(await refused(client.bind([0])), "404 Not Found");
    assert.equal(await client.retrieveExpectationsAsCode("JAVA"), "JAVA not supported for ACTIVE_EXPECTATIONS");
  },
};

(async () => {
  for (const [name, run] of Object.entries(cases)) {
    await client.reset();
    const failure = await run().then(() => "", (error) => String((error && error.stack) || error));
    console.log(JSON.stringify({ name, failure }));
  }
})();
