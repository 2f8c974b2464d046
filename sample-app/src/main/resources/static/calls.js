// The calls through one client: rates and percentiles of the last seconds of use, and the total number of failures.

import { child, text } from "./dom.js";

const NONE = "–";

export class Calls {

	#parent;

	#summary;

	#figures;

	#total;

	#cause;

	constructor(id, summary) {
		this.#parent = document.getElementById(id);
		this.#summary = summary;
		const list = child(this.#parent, "dl", "figures");
		this.#figures = {
			succeeded: figure(list, "Succeeded", "per second"),
			failed: figure(list, "Failed", "per second"),
			p50: figure(list, "p50", "50% are faster"),
			p99: figure(list, "p99", "99% are faster"),
		};
		this.#total = child(this.#parent, "p", "total");
		this.#cause = child(this.#parent, "p", "caption cause");
	}

	show(frame) {
		const calls = this.#summary(frame);
		const used = calls.succeeded + calls.failed > 0;
		const { succeeded, failed, p50, p99 } = this.#figures;
		this.#parent.classList.toggle("idle", !calls.inUse);
		text(this.#parent.querySelector(".use"), use(calls.inUse, used));
		text(succeeded, used ? number(calls.succeededPerSecond) : NONE);
		text(failed, used ? number(calls.failedPerSecond) : NONE);
		failed.classList.toggle("failing", calls.failedPerSecond > 0);
		text(p50, millis(calls.p50Millis));
		text(p99, millis(calls.p99Millis));
		text(this.#total, used ? total(calls) : "");
		text(this.#cause, (calls.lastFailure !== null) ? `Last failure: ${calls.lastFailure}` : "");
	}

}

function figure(list, name, note) {
	const group = child(list, "div");
	child(group, "dt", "", name);
	const value = child(group, "dd", "", NONE);
	child(group, "dd", "note", note);
	return value;
}

function use(inUse, used) {
	if (inUse) {
		return "in use: figures of the last 5 s";
	}
	return used ? "not in use: figures of the last 5 s of use" : "not used since the start";
}

function total({ succeeded, failed }) {
	const calls = succeeded + failed;
	const share = (failed > 0) ? ` (${percent(failed / calls)})` : "";
	return `${number(failed)} of ${number(calls)} calls failed${share} since the start.`;
}

// A small share is not rounded to zero, and a large one is not rounded to all.
function percent(share) {
	const rounded = Math.round(100 * share);
	if (rounded === 0) {
		return "less than 1%";
	}
	return (rounded === 100 && share < 1) ? "more than 99%" : `${rounded}%`;
}

function millis(value) {
	return (value !== null) ? `${number(value)} ms` : NONE;
}

function number(value) {
	return value.toLocaleString("en");
}
