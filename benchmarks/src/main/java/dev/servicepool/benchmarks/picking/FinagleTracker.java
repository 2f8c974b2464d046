package dev.servicepool.benchmarks.picking;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;

import com.twitter.finagle.loadbalancer.PeakEwma;
import dev.servicepool.benchmarks.contender.FinagleBalancer;

/**
 * Finagle's load tracker of one service. The compiler rejects calls to it, because it is
 * private in Scala, but the JVM permits them. Constant method handles are as fast as
 * direct calls.
 */
final class FinagleTracker {

	private static final MethodHandle NEW;

	private static final MethodHandle GET;

	private static final MethodHandle START;

	private static final MethodHandle END;

	static {
		try {
			Class<?> type = Class.forName(PeakEwma.class.getName() + "$Metric");
			Lookup lookup = MethodHandles.lookup();
			NEW = lookup.findConstructor(type, MethodType.methodType(void.class, PeakEwma.class))
				.asType(MethodType.methodType(Object.class, PeakEwma.class));
			GET = virtual(lookup, type, "get", MethodType.methodType(double.class));
			START = virtual(lookup, type, "start", MethodType.methodType(long.class));
			END = virtual(lookup, type, "end", MethodType.methodType(void.class, long.class));
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final Object metric;

	FinagleTracker() throws Throwable {
		PeakEwma<?, ?> balancer = FinagleBalancer.create(2);
		this.metric = (Object) NEW.invokeExact(balancer);
	}

	private static MethodHandle virtual(Lookup lookup, Class<?> type, String name, MethodType method)
			throws ReflectiveOperationException {
		return lookup.findVirtual(type, name, method).asType(method.insertParameterTypes(0, Object.class));
	}

	double load() throws Throwable {
		return (double) GET.invokeExact(this.metric);
	}

	long start() throws Throwable {
		return (long) START.invokeExact(this.metric);
	}

	void end(long startedAt) throws Throwable {
		END.invokeExact(this.metric, startedAt);
	}

}
