package dev.servicepool.benchmarks.probe;

import java.util.ArrayList;
import java.util.List;

import dev.servicepool.benchmarks.contender.Contender;
import dev.servicepool.benchmarks.contender.Contenders;

/**
 * Measures the creation time and the memory of each service in a large pool.
 */
public final class ServicesProbe {

	private static final int SERVICES = 1024;

	private static final int POOLS = 5;

	private ServicesProbe() {
	}

	/**
	 * Run the probe.
	 * @param arguments the contender, and whether this is a smoke test
	 */
	public static void main(String[] arguments) {
		Probe probe = Probe.of(arguments);
		Contenders contender = Contenders.valueOf(probe.row());
		// The first pool loads classes, which must not count as memory of a service.
		contender.create(2).close();
		long before = Heap.used();
		long start = System.nanoTime();
		List<Contender> pools = new ArrayList<>();
		for (int i = 0; i < (probe.smoke() ? 1 : POOLS); i++) {
			pools.add(contender.create(SERVICES));
		}
		long nanos = System.nanoTime() - start;
		int services = pools.size() * SERVICES;
		probe.figure("creation time", "us", nanos / 1e3 / services);
		probe.figure("heap per service", "B", (Heap.used() - before) / (double) services);
		pools.forEach(Contender::close);
	}

}
