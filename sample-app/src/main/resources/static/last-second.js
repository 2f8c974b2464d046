// Remembers what was counted in the last second, for rates.

const SPAN_MILLIS = 1000;

export class LastSecond {

	#count;

	#entries = [];

	constructor(count) {
		this.#count = count;
	}

	// Returns what was counted about a second ago, and how many seconds ago exactly.
	add(frame) {
		const now = Date.parse(frame.time);
		this.#entries.push({ time: now, counts: this.#count(frame) });
		while (this.#entries.length > 2 && this.#entries[1].time <= now - SPAN_MILLIS) {
			this.#entries.shift();
		}
		const oldest = this.#entries[0];
		return { seconds: Math.max(now - oldest.time, 1) / 1000, then: oldest.counts };
	}

}
