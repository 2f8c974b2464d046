// The figures at the top of the page, and an announcement for screen readers after the size has changed.

import { LastSecond } from "./last-second.js";

const STATES = ["ready", "busy", "pending", "paused", "ejected", "creating", "draining", "closing"];

export class Figures {

	#lastSecond = new LastSecond((frame) => ({ succeeded: frame.succeeded, failed: frame.failed }));

	#announced = null;

	show(frame) {
		const { seconds, then } = this.#lastSecond.add(frame);
		const failing = (frame.failed - then.failed) / seconds;
		text("succeeded", Math.round((frame.succeeded - then.succeeded) / seconds));
		text("failed", Math.round(failing));
		document.getElementById("failed").classList.toggle("failing", failing > 0);
		text("services", frame.pool ? liveServices(frame.pool) : "none");
		text("states", frame.pool ? states(frame.pool.size) : "");
		text("in-flight", frame.pool?.inFlight ?? "–");
		text("waiting", frame.pool?.waiting ?? "–");
		this.#announce(frame.pool);
	}

	// Wait until the size is stable, so that a screen reader does not announce each step.
	#announce(pool) {
		const size = pool ? liveServices(pool) : undefined;
		if (size !== this.#announced?.size) {
			clearTimeout(this.#announced?.timer);
			const timer = setTimeout(() => text("announcement", `${size} services`), 1000);
			this.#announced = { size, timer };
		}
	}

}

// Services that are not retired.
export function liveServices({ size }) {
	return size.total - size.draining - size.closing;
}

function states(size) {
	return STATES.filter((state) => size[state] > 0).map((state) => `${size[state]} ${state}`).join(", ");
}

function text(id, value) {
	const element = document.getElementById(id);
	if (element.textContent !== String(value)) {
		element.textContent = value;
	}
}
