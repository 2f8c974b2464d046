// The last events, newest first. Event types decide how an event is displayed; messages are only shown.

export const SCALE_UP = new Set(["created"]);
export const SCALE_DOWN = new Set(["retired", "evicted"]);
const PROBLEMS = new Set(["creation-failed", "ejected", "rejected", "timed-out", "leak-suspected"]);

// Events that follow every creation or removal.
const HIDDEN = new Set(["joined", "drained"]);

export class Events {

	#list = document.getElementById("events");

	#shown = "";

	show(frame) {
		const events = (frame.pool?.events ?? []).filter((event) => !HIDDEN.has(event.type))
			.reduce(merge, []).reverse();
		const shown = JSON.stringify(events);
		if (shown !== this.#shown) {
			this.#shown = shown;
			this.#list.replaceChildren(...events.map(item));
		}
	}

}

// Merge successive events of the same type and service into one with the last message.
function merge(events, event) {
	const last = events.at(-1);
	if (last?.type === event.type && last.service === event.service) {
		events.pop();
		event = { ...event, count: last.count + event.count };
	}
	return [...events, event];
}

function item(event) {
	const kind = kindOf(event.type);
	const item = document.createElement("li");
	item.className = kind.name;
	const time = child(item, "time", "", new Date(event.timestamp).toLocaleTimeString([], { hour12: false }));
	time.dateTime = event.timestamp;
	child(item, "span", "mark", kind.mark).ariaHidden = "true";
	const text = child(item, "div", "", "");
	const service = (event.service !== null) ? ` #${event.service}` : "";
	const count = (event.count > 1) ? ` (${event.count} times)` : "";
	child(text, "span", "type", event.type + service);
	child(text, "span", "message", ` ${event.message}${count}`);
	return item;
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

function child(parent, name, className, text) {
	const created = document.createElement(name);
	created.className = className;
	created.textContent = text;
	return parent.appendChild(created);
}
