// Counters of the last second, from which rates are calculated.

const SPAN_MILLIS = 1000;

export class LastSecond {

	#count;

	#entries = [];

	constructor(count) {
		this.#count = count;
	}

	// Return the counters of about one second ago, and their exact age in seconds.
	add(frame) {
		const now = Date.parse(frame.timestamp);
		this.#entries.push({ time: now, counts: this.#count(frame) });
		while (this.#entries.length > 2 && this.#entries[1].time <= now - SPAN_MILLIS) {
			this.#entries.shift();
		}
		const oldest = this.#entries[0];
		return { seconds: Math.max(now - oldest.time, 1) / 1000, then: oldest.counts };
	}

}
