package dev.servicepool.sample;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

/**
 * Lets a number of callers ask for quotes at the same time, each on a thread of its own
 * and one request after the other, and reports how they fared.
 */
@Component
class LoadGenerator {

	private static final Log logger = LogFactory.getLog(LoadGenerator.class);

	private final QuoteService quotes;

	private final SizeRecorder sizes;

	/** Written once by the thread that closes the application, read by any. */
	private volatile boolean closing;

	LoadGenerator(QuoteService quotes, SizeRecorder sizes) {
		this.quotes = quotes;
		this.sizes = sizes;
	}

	/**
	 * Run the callers. Ends early, with what there is, if the application closes.
	 * @param callers how many
	 * @param duration for how long a caller begins new requests
	 * @return the report, when all callers are done
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	LoadReport run(int callers, Duration duration) throws InterruptedException {
		long start = System.nanoTime();
		BooleanSupplier over = () -> this.closing || System.nanoTime() - start >= duration.toNanos();
		ExecutorService threads = Executors.newFixedThreadPool(callers, new CustomizableThreadFactory("load-"));
		try (SizeRecorder.Recording size = this.sizes.start()) {
			List<Tally> tallies = Stream.generate(Tally::new).limit(callers).toList();
			awaitAll(threads.invokeAll(tallies.stream().map((tally) -> caller(over, tally)).toList()));
			threads.shutdown();
			threads.awaitTermination(10, TimeUnit.SECONDS);
			warnOfFailures(tallies);
			return LoadReport.of(tallies, size.largest());
		}
		finally {
			threads.shutdownNow();
		}
	}

	/**
	 * End the running loads, so that they don't hold up the shutdown.
	 */
	@EventListener(ContextClosedEvent.class)
	void close() {
		this.closing = true;
	}

	private Callable<Object> caller(BooleanSupplier over, Tally tally) {
		return Executors.callable(new Caller(this.quotes, over, tally));
	}

	private static void warnOfFailures(List<Tally> tallies) {
		tallies.stream()
			.map(Tally::firstFailure)
			.filter(Objects::nonNull)
			.findFirst()
			.ifPresent((failure) -> logger.warn("Calls failed during the load, one of them so:", failure));
	}

	private static void awaitAll(List<Future<Object>> futures) throws InterruptedException {
		for (Future<?> future : futures) {
			try {
				future.get();
			}
			catch (ExecutionException ex) {
				throw new IllegalStateException("A caller broke down", ex.getCause());
			}
		}
	}

}
