// The last decisions and their reasons, newest first.

export const GROWS = new Set(["made"]);
export const SHRINKS = new Set(["retired", "evicted"]);
const TROUBLE = new Set(["make failed", "ejected", "rejected", "timed out", "leak suspected"]);

// What follows from a decision and is none itself.
const CONSEQUENCES = new Set(["joined", "drained"]);

export class Decisions {

	#list = document.getElementById("decisions");

	#shown = "";

	show(frame) {
		const events = (frame.pool?.events ?? []).filter((event) => !CONSEQUENCES.has(event.what))
			.reduce(merge, []).reverse();
		const shown = JSON.stringify(events);
		if (shown !== this.#shown) {
			this.#shown = shown;
			this.#list.replaceChildren(...events.map(item));
		}
	}

}

// The same thing several times in a row is told once, with the last reason.
function merge(events, event) {
	const last = events.at(-1);
	if (last?.what === event.what && last.service === event.service) {
		events.pop();
		event = { ...event, times: last.times + event.times };
	}
	return [...events, event];
}

function item(event) {
	const kind = kindOf(event.what);
	const item = document.createElement("li");
	item.className = kind.name;
	const time = child(item, "time", "", new Date(event.time).toLocaleTimeString([], { hour12: false }));
	time.dateTime = event.time;
	child(item, "span", "mark", kind.mark).ariaHidden = "true";
	const words = child(item, "div", "", "");
	const service = (event.service !== null) ? ` #${event.service}` : "";
	const times = (event.times > 1) ? ` (${event.times} times)` : "";
	child(words, "span", "what", event.what + service);
	child(words, "span", "why", ` ${event.why}${times}`);
	return item;
}

function kindOf(what) {
	if (GROWS.has(what)) {
		return { name: "grow", mark: "▲" };
	}
	if (SHRINKS.has(what)) {
		return { name: "shrink", mark: "▼" };
	}
	return { name: TROUBLE.has(what) ? "trouble" : "", mark: "·" };
}

function child(parent, name, className, text) {
	const created = document.createElement(name);
	created.className = className;
	created.textContent = text;
	return parent.appendChild(created);
}
