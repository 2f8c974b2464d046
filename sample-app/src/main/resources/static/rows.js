// A list with one row for each service: its requests in flight as a bar, its limit, and its state.

import { child, text } from "./dom.js";
import { stateOf } from "./figures.js";

export class Rows {

	#list;

	#rows = new Map();

	constructor(parent) {
		this.#list = child(parent, "ul", "rows");
	}

	show(services) {
		const ids = new Set(services.map((service) => service.id));
		for (const [id, row] of this.#rows) {
			if (!ids.has(id)) {
				row.remove();
				this.#rows.delete(id);
			}
		}
		services.forEach((service) => this.#row(service.id).show(service));
	}

	#row(id) {
		if (!this.#rows.has(id)) {
			this.#rows.set(id, new Row(id, this.#list));
		}
		return this.#rows.get(id);
	}

}

class Row {

	#item;

	#fill;

	#of;

	#state;

	constructor(id, list) {
		this.#item = child(list, "li", "service");
		child(this.#item, "span", "id", `#${id}`);
		this.#fill = child(child(this.#item, "div", "bar"), "div", "fill");
		this.#of = child(this.#item, "span", "of");
		this.#state = child(this.#item, "span", "state");
	}

	show(service) {
		const { inFlight, learnedLimit } = service;
		this.#item.className = `service ${service.state}`;
		this.#fill.style.width = `${Math.min(100, 100 * inFlight / (learnedLimit ?? 100))}%`;
		text(this.#of, (learnedLimit !== null) ? `${inFlight} of ${learnedLimit}` : inFlight);
		text(this.#state, stateOf(service));
	}

	remove() {
		this.#item.remove();
	}

}
