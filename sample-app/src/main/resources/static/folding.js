// Combines similar events into entries, so that the list shows what happened instead of how often.

export const SCALE_UP = new Set(["created"]);
export const SCALE_DOWN = new Set(["retired", "evicted"]);

// Events that follow every creation or removal.
const HIDDEN = new Set(["joined", "drained"]);

const MAX_PAUSE_MILLIS = 30_000;

// Changes of size are combined only if they follow one another quickly.
const MAX_PAUSE_BETWEEN_RESIZES_MILLIS = 3_000;

// Return the entries, newest first. An entry contains events of the same type and reason without a long pause between them,
// even if other events occurred in the meantime.
export function fold(events) {
	const latest = new Map();
	const entries = [];
	for (const event of events.filter((candidate) => !HIDDEN.has(candidate.type))) {
		const key = `${event.type} ${event.reason}`;
		const entry = latest.get(key);
		if (entry && Date.parse(event.timestamp) - Date.parse(entry.last.timestamp) <= maxPause(event)) {
			entry.last = event;
			entry.count++;
			entry.services.add(event.service);
		}
		else {
			const created = { first: event, last: event, count: 1, services: new Set([event.service]) };
			latest.set(key, created);
			entries.push(created);
		}
	}
	return entries.sort((one, other) => other.last.sequence - one.last.sequence);
}

function maxPause({ type }) {
	return isResize(type) ? MAX_PAUSE_BETWEEN_RESIZES_MILLIS : MAX_PAUSE_MILLIS;
}

export function isResize(type) {
	return SCALE_UP.has(type) || SCALE_DOWN.has(type);
}
