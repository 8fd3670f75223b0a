// Live changes. A browser opens six connections to one server at most, so all windows share one stream
// through a SharedWorker; where there is none, each window has its own.

/** `onData(what)` for each change of this person's screen, `onState(connected)` when the connection comes or goes. */
export function listen(person, onData, onState) {
  const hear = (message) => {
    if ("connected" in message) onState(message.connected);
    else if (message.to === person) onData(message);
  };
  if ("SharedWorker" in window) {
    const worker = new SharedWorker("/page/js/live-worker.js");
    worker.port.onmessage = (event) => hear(event.data);
    addEventListener("pagehide", () => worker.port.postMessage("bye"));
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
    return;
  }
  const source = new EventSource(`/sandbox/people/${person}/stream`);
  source.onopen = () => hear({ connected: true });
  source.onerror = () => hear({ connected: false });
  source.onmessage = (event) => hear(JSON.parse(event.data));
}
