// Stands in for the carrier's script: a call is told to the test's own carrier, which does what Twilio would.

class Emitter {
  constructor() {
    this.heard = {};
  }
  on(name, listener) {
    (this.heard[name] ??= []).push(listener);
  }
  emit(name, ...said) {
    for (const listener of this.heard[name] ?? []) listener(...said);
  }
}

const fake = (window.fake = { tokens: [], options: null, calls: [], device: null, destroyed: 0 });

window.Twilio = {
  Device: class extends Emitter {
    constructor(token, options) {
      super();
      Object.assign(fake, { options, device: this });
      fake.tokens.push(token);
    }
    updateToken(token) {
      fake.tokens.push(token);
    }
    destroy() {
      fake.destroyed += 1;
      fake.calls.forEach((call) => navigator.sendBeacon("/fake/gone", call.sid));
    }
    async connect() {
      const call = new Emitter();
      const answer = await fetch("/fake/dial", { method: "POST", body: fake.tokens.at(-1) });
      call.sid = (await answer.json()).sid;
      call.disconnect = () => {
        navigator.sendBeacon("/fake/gone", call.sid);
        call.emit("disconnect");
      };
      fake.calls.push(call);
      return call;
    }
  },
};
