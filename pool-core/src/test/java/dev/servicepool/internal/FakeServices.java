package dev.servicepool.internal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import dev.servicepool.Readiness;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;

/**
 * A factory whose creations follow the script of the test. Creations after the end of the
 * script succeed.
 */
final class FakeServices implements ServiceFactory<String, String> {

	/** One creation. */
	interface Step {

		Service<String, String> create(FakeService service) throws Exception;

	}

	private final Deque<Step> script = new ArrayDeque<>();

	private Consumer<FakeService> setUp = (service) -> {
	};

	/** Targets for which no service can be created. */
	private Set<Target> unreachable = Set.of();

	/** All services that were created, in order. */
	final List<FakeService> created = new ArrayList<>();

	/** Targets of all creations, in order. */
	final List<Target> targets = new ArrayList<>();

	static Step ok() {
		return (service) -> service;
	}

	static Step fails(Exception failure) {
		return (service) -> {
			throw failure;
		};
	}

	static Step returnsNull() {
		return (service) -> null;
	}

	/** Return a creation that runs an action before it succeeds. */
	static Step takes(Runnable meanwhile) {
		return (service) -> {
			meanwhile.run();
			return service;
		};
	}

	FakeServices creations(Step... steps) {
		this.script.addAll(List.of(steps));
		return this;
	}

	/** Set the action that prepares each service before the pool receives it. */
	FakeServices each(Consumer<FakeService> setUp) {
		this.setUp = setUp;
		return this;
	}

	/**
	 * Set the targets for which no service can be created.
	 * @param targets the targets, which may change later
	 */
	FakeServices failing(Set<Target> targets) {
		this.unreachable = targets;
		return this;
	}

	/** Require the pool to poll each service before each call. */
	FakeServices polled() {
		return each((service) -> service.readiness = Readiness.READY);
	}

	@Override
	public Service<String, String> create(Target target) throws Exception {
		this.targets.add(target);
		if (this.unreachable.contains(target)) {
			throw new IOException("no route to " + target.name());
		}
		Step step = this.script.isEmpty() ? ok() : this.script.removeFirst();
		FakeService service = new FakeService("service-" + this.targets.size());
		this.setUp.accept(service);
		Service<String, String> created = step.create(service);
		if (created != null) {
			this.created.add(service);
		}
		return created;
	}

	FakeService get(int index) {
		return this.created.get(index);
	}

}
