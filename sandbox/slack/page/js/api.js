// The person API of the sandbox.

export class Api {
  constructor(person) {
    this.person = person;
    this.base = `/sandbox/people/${person}`;
  }

  async get(path) {
    return check(await fetch(path));
  }

  screen() {
    return this.get(`${this.base}/screen`);
  }

  async post(path, body) {
    return check(await fetch(`${this.base}/${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }));
  }

  async send({ channel, text, thread, files = [] }) {
    const form = new FormData();
    form.append("channel", channel);
    form.append("text", text);
    form.append("thread_ts", thread ?? "");
    for (const file of files) form.append("files", file, file.name);
    return check(await fetch(`${this.base}/messages`, { method: "POST", body: form }));
  }

  async upload(files) {
    const form = new FormData();
    for (const file of files) form.append("files", file, file.name);
    return (await check(await fetch(`${this.base}/files`, { method: "POST", body: form }))).files;
  }

  async remove(path) {
    return check(await fetch(`${this.base}/${path}`, { method: "DELETE" }));
  }

  fileUrl(id, side) {
    return `${this.base}/files/${id}${side ? `?side=${side}` : ""}`;
  }
}

async function check(reply) {
  const body = await reply.json();
  if (!reply.ok) throw new Error(body.error ?? body.detail ?? reply.statusText);
  return body;
}
