package dev.servicepool.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The scenarios of the report.
 */
final class Scenarios {

	static final double[] CONSTANT_LOADS = { 0.25, 0.75, 0.95, 2, 4.5, 8, 32 };

	/** Mean times of requests in the scenarios of overload, in seconds. */
	static final double[] OVERLOAD_SECONDS = { 0.05, 0.1, 0.2, 0.4, 0.5 };

	/** Maximum number of services of pools of HTTP clients. */
	static final int HTTP_SERVICES = 16;

	/** Shared instances, so that {@link Run} recognizes equal simulations. */
	private static final Map<Double, Scenario> constant = DoubleStream.of(CONSTANT_LOADS)
		.boxed()
		.collect(Collectors.toUnmodifiableMap(Function.identity(), Scenarios::createConstant));

	/** Constant loads with replacements, for each way but none. */
	private static final Map<Replacement, Map<Double, Scenario>> replacing = Stream
		.of(Replacement.PLANNED, Replacement.BROKEN)
		.collect(Collectors.toUnmodifiableMap(Function.identity(),
				(replacement) -> DoubleStream.of(CONSTANT_LOADS)
					.boxed()
					.collect(Collectors.toUnmodifiableMap(Function.identity(),
							(load) -> createConstant(load).replacing(replacement)))));

	private static final Scenario onOff = new Scenario("on/off 0.5 and 6", Traffic.onOff(0.5, 6, 20), 6, 300)
		.disturbedAt(60, 100, 140, 180, 220, 260);

	private static final Scenario step = new Scenario("step 1 to 13 to 1", Traffic.step(1, 13, 100, 200), 13, 300)
		.disturbedAt(100);

	private static final Scenario burst = new Scenario("burst of 500", Traffic.constant(0), 0, 60).warmUp(0)
		.burst(500, 20)
		.work((random) -> 1)
		.disturbedAt(0)
		.chart(0, 6);

	private Scenarios() {
	}

	static List<Scenario> all() {
		List<Scenario> all = new ArrayList<>();
		for (double load : CONSTANT_LOADS) {
			all.add(constant(load));
		}
		all.add(new Scenario("sine 1 to 8", Traffic.sine(1, 8, 120), 8, 420));
		all.add(onOff());
		all.add(step());
		all.add(burst());
		all.add(new Scenario("heavy tail", Traffic.constant(4.5), 4.5, 300).work(Work::heavyTailed).chart(60, 120));
		all.add(stepTo6("creations take 2 s").creations(2, 0));
		all.add(stepTo6("half the creations fail").creations(0.1, 0.5));
		all.add(new Scenario("traffic ends", Traffic.until(8, 60), 8, 1800));
		all.add(new Scenario("one slow of eight", Traffic.constant(4), 4, 300).oneSlowOf(8).chart(60, 120));
		return all;
	}

	static Scenario constant(double load) {
		return Objects.requireNonNull(constant.get(load));
	}

	/** Return a constant load during which one service per second is replaced. */
	static Scenario constant(double load, Replacement replacement) {
		return (replacement == Replacement.NONE) ? constant(load)
				: Objects.requireNonNull(Objects.requireNonNull(replacing.get(replacement)).get(load));
	}

	/** Create a constant load. The largest one needs less time for the same accuracy. */
	private static Scenario createConstant(double load) {
		return Scenario.constant(load, (load < 32) ? 300 : 180);
	}

	static Scenario onOff() {
		return onOff;
	}

	static Scenario step() {
		return step;
	}

	/** Return the second half of {@link #step} with enough time to scale down. */
	static Scenario stepDown() {
		return new Scenario("step 13 to 1", Traffic.step(1, 13, 0, 200), 13, 400);
	}

	static Scenario burst() {
		return burst;
	}

	/**
	 * Return a load of 1.2 times the capacity of the largest pool of HTTP clients.
	 * @param meanSeconds the mean time of a request, in seconds
	 */
	static Scenario overload(double meanSeconds) {
		double load = 1.2 * HTTP_SERVICES;
		return new Scenario("overload", Traffic.constant(load), load, 120).http(meanSeconds);
	}

	/** Return scenarios of one day, or of a load that could be that of a day. */
	static List<Scenario> days() {
		return List.of(day("daily curve", Traffic.day(0.5, 6)),
				day("daily curve, creations take 5 s", Traffic.day(0.5, 6)).creations(5, 0),
				day("office hours", Traffic.step(0.1, 8, 8 * 3600, 18 * 3600)), constant(8), onOff());
	}

	/**
	 * Create a scenario of one day. Its requests take longer, so that there are fewer.
	 */
	private static Scenario day(String name, Traffic traffic) {
		return new Scenario(name, traffic, 8, Traffic.DAY_SECONDS).requests(0.5).warmUp(0);
	}

	private static Scenario stepTo6(String name) {
		return new Scenario(name, Traffic.step(1, 6, 100, 200), 6, 300).disturbedAt(100);
	}

}
