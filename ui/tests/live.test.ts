// What the page asks of the server while a case is open, and what of the answers it shows.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Changes, Model } from "../src/types";

interface Sent {
  type: string;
  live: number;
  ask: number;
  seq: number;
  set: Record<string, string>;
  settle: boolean;
}

/** The server's end of the connection: keeps what was sent, and says what the test says. */
class Server {
  static OPEN = 1;
  static last: Server;
  readyState = 0;
  sent: Sent[] = [];
  onopen = () => {};
  onmessage = (_: { data: string }) => {};
  constructor() {
    Server.last = this;
    setImmediate(() => {
      this.readyState = 1;
      this.onopen();
    });
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  says(message: object) {
    this.onmessage({ data: JSON.stringify(message) });
  }
  turns = () => this.sent.filter((one) => one.type === "turn");
}

Object.assign(globalThis, { WebSocket: Server, location: { protocol: "http:", host: "here" } });
const { watch } = await import("../src/parts/useLive");

const model = { id: "file:a.yaml", questions: [{ name: "falls", form: "at_end" }] } as unknown as Model;
const FALL: Changes = { set: { "quantities.p_fall": "30%" }, on: [] };
const NONE: Changes = { set: {}, on: [] };
const answer = (mean: number) => ({ questions: { falls: { mean, p05: mean, p50: mean, p95: mean } } });

function opened(changes: Changes) {
  const wish = { changes, settle: true };
  const shown: any = {};
  const desk = watch(model, () => wish, (more) => Object.assign(shown, more));
  const server = () => Server.last;
  const live = () => server().sent.find((one) => one.type === "open")!.live;
  return {
    wish, shown, desk, server,
    ready: (worlds = 4) => server().says({ type: "ready", live: live(), draws_rough: worlds, draws_full: 1024 }),
    fails: (seq: number) => server().says({ type: "failed", live: live(), seq, message: "no" }),
    turned: (seq: number, rough: boolean, mean: number, worlds = 4) =>
      server().says({ type: "turned", live: live(), seq, rough, draws: rough ? worlds : 1024, label: "", answer: answer(mean), seconds: 0 }),
    mean: () => shown.now?.answer.questions.falls.mean,
    newest: () => server().turns().at(-1)!,
  };
}

const connectedAnew = () => new Promise<void>((done) => setImmediate(done));
let before: ReturnType<typeof opened> | null = null;

async function open(changes: Changes) {
  before?.desk.close();
  if (Server.last) Server.last.sent = [];
  before = opened(changes);
  await connectedAnew();
  return before;
}

beforeEach(connectedAnew);

test("the file as it stands is asked in few worlds, then in all", async () => {
  const page = await open(NONE);
  page.ready();
  assert.deepEqual([page.newest().set, page.newest().settle], [{}, false]);
  page.turned(1, true, 0.5);
  assert.equal(page.mean(), 0.5);
  assert.deepEqual([page.newest().set, page.newest().settle], [{}, true]);
  page.turned(2, false, 0.4);
  assert.equal(page.mean(), 0.4);
  assert.equal(page.shown.saved.questions.falls.mean, 0.4);
  assert.equal(page.server().sent.filter((one) => one.type === "ask").length, 0);
});

test("under a hand the settled answer moves by the difference in the few worlds", async () => {
  const page = await open(NONE);
  page.ready();
  page.turned(1, true, 0.5);
  page.turned(2, false, 0.4);
  Object.assign(page.wish, { changes: FALL, settle: false });
  page.desk.turn();
  page.turned(3, true, 0.6);
  assert.ok(Math.abs(page.mean() - 0.5) < 1e-12);
  page.wish.settle = true;
  page.desk.turn();
  page.turned(4, false, 0.52);
  assert.equal(page.mean(), 0.52);
  assert.equal(page.shown.saved.questions.falls.mean, 0.4);
});

test("an address with changes never shows the file as it stands, and has it solved to compare", async () => {
  const page = await open(FALL);
  page.ready();
  page.desk.turn(); // a hand that is faster than the server's first answer waits for it
  assert.deepEqual(page.server().turns().map((one) => one.set), [{}]);
  page.turned(1, true, 0.5);
  assert.equal(page.mean(), undefined);
  assert.deepEqual([page.newest().set, page.newest().settle], [FALL.set, true]);
  page.turned(2, false, 0.7);
  assert.equal(page.mean(), 0.7);
  const asks = page.server().sent.filter((one) => one.type === "ask");
  assert.deepEqual(asks.map((one) => one.set), [{}]);
  page.server().says({ type: "answered", ask: asks[0]!.ask, result: answer(0.4) });
  await connectedAnew();
  assert.equal(page.shown.saved.questions.falls.mean, 0.4);
});

test("a worker that took the place of another is asked for its own few worlds, and late answers are dropped", async () => {
  const page = await open(NONE);
  page.ready();
  page.turned(1, true, 0.5);
  page.turned(2, false, 0.4);
  Object.assign(page.wish, { changes: FALL, settle: false });
  page.desk.turn();
  page.ready(8);
  assert.deepEqual(page.newest().set, {});
  page.turned(3, true, 0.9);
  assert.equal(page.mean(), 0.4);
  page.turned(4, true, 0.45, 8);
  assert.deepEqual(page.newest().set, FALL.set);
  page.turned(5, true, 0.55, 8);
  assert.ok(Math.abs(page.mean() - 0.5) < 1e-12);
});

test("where the file has no answer the changed one is asked all the same", async () => {
  const page = await open(FALL);
  page.ready();
  page.fails(1);
  assert.deepEqual(page.newest().set, FALL.set);
  page.turned(2, false, 0.7);
  assert.equal(page.mean(), 0.7);
  assert.equal(page.shown.error, null);
});
