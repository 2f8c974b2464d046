// One bar for each service, under its server.

import { LastSecond } from "./last-second.js";

const NAMES = ["First server", "Second server"];

export class Members {

	#lastSecond = new LastSecond((frame) => new Map(frame.pool?.members.map((member) => [member.id, member.calls])));

	#rows = new Map();

	#lists;

	constructor() {
		const parent = document.getElementById("members");
		this.#lists = NAMES.map((name) => {
			const server = element("div", "server", parent);
			const head = element("h3", "", server);
			element("span", "", head).textContent = name;
			return { head: head.firstChild, name, rate: element("span", "rate", head), list: element("ul", "", server) };
		});
	}

	show(frame) {
		const { seconds, then } = this.#lastSecond.add(frame);
		const members = frame.pool?.members ?? [];
		this.#lists.forEach((server, index) => {
			const own = members.filter((member) => member.target === frame.servers[index]);
			const calls = own.reduce((sum, member) => sum + member.calls - (then.get(member.id) ?? 0), 0);
			server.head.textContent = server.name + ((index === 1 && frame.slow) ? ", slow" : "");
			server.rate.textContent = `${Math.round(calls / seconds)} calls a second`;
			own.forEach((member) => this.#row(member, server.list).show(member));
		});
		this.#removeAllBut(new Set(members.map((member) => member.id)));
	}

	#row(member, list) {
		if (!this.#rows.has(member.id)) {
			this.#rows.set(member.id, new Row(member.id, list));
		}
		return this.#rows.get(member.id);
	}

	#removeAllBut(ids) {
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
		this.#item = element("li", "member", list);
		element("span", "id", this.#item).textContent = `#${id}`;
		this.#fill = element("div", "fill", element("div", "bar", this.#item));
		this.#of = element("span", "of", this.#item);
		this.#state = element("span", "state", this.#item);
	}

	show(member) {
		this.#item.className = `member ${member.state}`;
		this.#fill.style.width = `${Math.min(100, 100 * member.inFlight / (member.limit ?? 100))}%`;
		this.#of.textContent = `${member.inFlight} of ${member.limit ?? "any"}`;
		this.#state.textContent = member.state;
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
