package dev.servicepool;

import java.util.ArrayList;
import java.util.List;

import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.What;
import org.jspecify.annotations.Nullable;

/**
 * What a pool has decided: events for those who listen, and effects, which are carried
 * out once the lock is left. Guarded by the pool's lock.
 */
final class EventRecorder<Q, R> {

	private final EventLog log;

	private final ListenerNotifier notifier;

	private final MemberRegistry<Q, R> roster;

	private List<Effect<Q, R>> effects = new ArrayList<>();

	EventRecorder(EventLog log, ListenerNotifier notifier, MemberRegistry<Q, R> roster) {
		this.log = log;
		this.notifier = notifier;
		this.roster = roster;
	}

	void event(What what, String why) {
		event(what, why, null);
	}

	void event(What what, String why, @Nullable Member<Q, R> member) {
		event(what, null, why, member);
	}

	void event(Reason reason, String why, @Nullable Member<Q, R> member) {
		event(reason.what(), reason, why, member);
	}

	private void event(What what, @Nullable Reason reason, String why, @Nullable Member<Q, R> member) {
		Long service = (member != null) ? member.id : null;
		this.notifier.add(this.log.add(what, reason, why, service, this.roster.live().size()));
	}

	void effect(Effect<Q, R> effect) {
		this.effects.add(effect);
	}

	/** Return the effects since the last time. */
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
