// The connections of the pool, grouped by server, and what the pool has learned about their limits.

import { child, duration, text } from "./dom.js";
import { LastSecond } from "./last-second.js";
import { Rows } from "./rows.js";

const NAMES = ["First server", "Second server"];

export class Connections {

	#lastSecond = new LastSecond((frame) => new Map(frame.pool.services.map((service) => [service.id, service.calls])));

	#servers;

	constructor() {
		const parent = document.getElementById("connection-list");
		this.#servers = NAMES.map((name) => {
			const server = child(parent, "div", "server");
			const head = child(server, "h3");
			return { name, title: child(head, "span"), rate: child(head, "span", "rate"), rows: new Rows(server) };
		});
	}

	show(frame) {
		if (frame.pool === null) {
			return;
		}
		const { services, settings, targets } = frame.pool;
		const { seconds, then } = this.#lastSecond.add(frame);
		this.#servers.forEach((server, index) => {
			const own = services.filter((service) => service.target === frame.servers[index]);
			const calls = own.reduce((sum, service) => sum + service.calls - (then.get(service.id) ?? 0), 0);
			const target = targets.find(({ name }) => name === frame.servers[index]);
			text(server.title, [server.name, ...order(target), (index === 1 && frame.controls.slow) ? "slow" : ""]
				.filter(Boolean).join(", "));
			text(server.rate, `${Math.round(calls / seconds)} calls per second`);
			server.rows.show(own);
		});
		text("cold-after", duration(settings.coldAfter));
		text("learned", learned(services, settings.maxConcurrency));
	}

}

// A server that is not preferred has connections only while those of the others are not enough.
function order(target) {
	return (target === undefined) ? []
		: [target.zone && `zone ${target.zone}`, target.preferred ? "" : "not preferred"];
}

function learned(services, configured) {
	const lower = services.filter((service) => service.learnedLimit < configured).length;
	return `The configured limit is ${configured}. Connections with a lower limit: ${lower} of ${services.length}.`;
}
