package dev.servicepool.internal;

import java.util.ArrayList;
import java.util.List;

import dev.servicepool.internal.event.EventLog;
import dev.servicepool.internal.event.ListenerNotifier;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;
import org.jspecify.annotations.Nullable;

/**
 * Records the decisions of a pool: events for listeners, and effects that run after the
 * lock has been released. Guarded by the lock.
 */
final class EventRecorder<Q, R> {

	private final EventLog log;

	private final ListenerNotifier notifier;

	private final MemberRegistry<Q, R> registry;

	private List<Effect<Q, R>> effects = new ArrayList<>();

	EventRecorder(EventLog log, ListenerNotifier notifier, MemberRegistry<Q, R> registry) {
		this.log = log;
		this.notifier = notifier;
		this.registry = registry;
	}

	void event(Type type, String message) {
		event(type, message, null);
	}

	void event(Type type, String message, @Nullable Member<Q, R> member) {
		event(type, null, message, member);
	}

	void event(Reason reason, String message, @Nullable Member<Q, R> member) {
		event(reason.type(), reason, message, member);
	}

	private void event(Type type, @Nullable Reason reason, String message, @Nullable Member<Q, R> member) {
		Long service = (member != null) ? member.id : null;
		this.notifier.add(this.log.add(type, reason, message, service, this.registry.live().size()));
	}

	void effect(Effect<Q, R> effect) {
		this.effects.add(effect);
	}

	/** Return and clear the recorded effects. */
	List<Effect<Q, R>> collectEffects() {
		if (this.effects.isEmpty()) {
			return List.of();
		}
		List<Effect<Q, R>> effects = this.effects;
		this.effects = new ArrayList<>();
		return effects;
	}

	EventLog log() {
		return this.log;
	}

}
