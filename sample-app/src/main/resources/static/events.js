// The events of the pool, newest first. Event types decide how an event is displayed; messages are only shown.

import { child } from "./dom.js";
import { fold, isResize, SCALE_DOWN, SCALE_UP } from "./folding.js";

const MAX_EVENTS = 300;

const MAX_ENTRIES = 50;

const MAX_SERVICES = 3;

const PROBLEMS = new Set(["creation-failed", "ejected", "leak-suspected", "outage", "rejected", "timed-out"]);

export class Events {

	#list = document.getElementById("events");

	#events = [];

	clear() {
		this.#events = [];
		this.#list.replaceChildren();
	}

	add(events) {
		this.#events = [...this.#events, ...events].slice(-MAX_EVENTS);
		this.#list.replaceChildren(...fold(this.#events).slice(0, MAX_ENTRIES).map(item));
	}

}

function item({ first, last, count, services }) {
	const kind = kindOf(last.type);
	const item = document.createElement("li");
	item.className = kind.name;
	child(item, "time", "", time(last)).dateTime = last.timestamp;
	child(item, "span", "mark", kind.mark).ariaHidden = "true";
	const text = child(item, "div");
	child(text, "span", "type", [last.type, names(services)].filter(Boolean).join(" "));
	const size = isResize(last.type) ? ` (size: ${last.poolSize})` : "";
	child(text, "span", "message", ` ${last.message}${size}`);
	if (count > 1) {
		child(text, "span", "count", `, ${count} times since ${time(first)}`);
	}
	return item;
}

function names(services) {
	const ids = [...services].filter((id) => id !== null).sort((one, other) => one - other).map((id) => `#${id}`);
	const more = ids.length - MAX_SERVICES;
	return ids.slice(0, MAX_SERVICES).join(", ") + ((more > 0) ? ` and ${more} more` : "");
}

function time({ timestamp }) {
	return new Date(timestamp).toLocaleTimeString([], { hour12: false });
}

function kindOf(type) {
	if (SCALE_UP.has(type)) {
		return { name: "scale-up", mark: "▲" };
	}
	if (SCALE_DOWN.has(type)) {
		return { name: "scale-down", mark: "▼" };
	}
	return { name: PROBLEMS.has(type) ? "problem" : "", mark: "·" };
}
