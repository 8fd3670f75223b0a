// One stream for all windows of this browser; each window picks what is meant for its person.

const ports = new Set();
let connected = null;

function tell(message) {
  for (const port of ports) port.postMessage(message);
}

const source = new EventSource("/sandbox/stream");
source.onopen = () => { connected = true; tell({ connected }); };
source.onerror = () => { connected = false; tell({ connected }); };
source.onmessage = (event) => tell(JSON.parse(event.data));

self.onconnect = (event) => {
  const [port] = event.ports;
  ports.add(port);
  port.onmessage = () => ports.delete(port);
  if (connected !== null) port.postMessage({ connected });
};
