// A bar for each service, grouped by server.

import { LastSecond } from "./last-second.js";

const NAMES = ["First server", "Second server"];

export class Services {

	#lastSecond = new LastSecond((frame) => new Map(frame.pool?.services.map((service) => [service.id, service.calls])));

	#rows = new Map();

	#lists;

	constructor() {
		const parent = document.getElementById("service-list");
		this.#lists = NAMES.map((name) => {
			const server = element("div", "server", parent);
			const head = element("h3", "", server);
			element("span", "", head).textContent = name;
			return { head: head.firstChild, name, rate: element("span", "rate", head), list: element("ul", "", server) };
		});
	}

	show(frame) {
		const { seconds, then } = this.#lastSecond.add(frame);
		const services = frame.pool?.services ?? [];
		this.#lists.forEach((server, index) => {
			const own = services.filter((service) => service.target === frame.servers[index]);
			const calls = own.reduce((sum, service) => sum + service.calls - (then.get(service.id) ?? 0), 0);
			server.head.textContent = server.name + ((index === 1 && frame.slow) ? ", slow" : "");
			server.rate.textContent = `${Math.round(calls / seconds)} calls per second`;
			own.forEach((service) => this.#row(service, server.list).show(service));
		});
		this.#removeExcept(new Set(services.map((service) => service.id)));
	}

	#row(service, list) {
		if (!this.#rows.has(service.id)) {
			this.#rows.set(service.id, new Row(service.id, list));
		}
		return this.#rows.get(service.id);
	}

	#removeExcept(ids) {
		for (const [id, row] of this.#rows) {
			if (!ids.has(id)) {
				row.remove();
				this.#rows.delete(id);
			}
		}
	}

}

class Row {

	#item;

	#fill;

	#of;

	#state;

	constructor(id, list) {
		this.#item = element("li", "service", list);
		element("span", "id", this.#item).textContent = `#${id}`;
		this.#fill = element("div", "fill", element("div", "bar", this.#item));
		this.#of = element("span", "of", this.#item);
		this.#state = element("span", "state", this.#item);
	}

	show(service) {
		this.#item.className = `service ${service.state}`;
		this.#fill.style.width = `${Math.min(100, 100 * service.inFlight / (service.limit ?? 100))}%`;
		this.#of.textContent = (service.limit !== null) ? `${service.inFlight} of ${service.limit}` : service.inFlight;
		this.#state.textContent = service.state;
	}

	remove() {
		this.#item.remove();
	}

}

function element(name, className, parent) {
	const created = document.createElement(name);
	created.className = className;
	return parent.appendChild(created);
}
