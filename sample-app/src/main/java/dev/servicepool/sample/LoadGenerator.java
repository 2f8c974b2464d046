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
 * Load generator: a number of callers request quotes concurrently. Each caller runs on
 * its own thread and sends one request after the other. The live page shows these calls,
 * too.
 */
@Component
class LoadGenerator {

	private static final Log logger = LogFactory.getLog(LoadGenerator.class);

	private final QuoteService quotes;

	private final SizeRecorder sizes;

	private final LiveStatistics statistics;

	/** Written once by the thread that closes the application, read by any thread. */
	private volatile boolean closing;

	LoadGenerator(QuoteService quotes, SizeRecorder sizes, LiveStatistics statistics) {
		this.quotes = quotes;
		this.sizes = sizes;
		this.statistics = statistics;
	}

	/**
	 * Run the callers and wait until all of them end. If the application closes, they end
	 * early, and the report covers the calls until then.
	 * @param callers the number of callers
	 * @param duration the time during which the callers start requests
	 * @return the report
	 * @throws InterruptedException if the thread is interrupted while it waits
	 */
	LoadReport run(int callers, Duration duration) throws InterruptedException {
		long start = System.nanoTime();
		BooleanSupplier ended = () -> this.closing || System.nanoTime() - start >= duration.toNanos();
		ExecutorService threads = Executors.newFixedThreadPool(callers, new CustomizableThreadFactory("load-"));
		try (SizeRecorder.Recording size = this.sizes.start()) {
			List<Tally> tallies = Stream.generate(Tally::new).limit(callers).toList();
			awaitAll(threads.invokeAll(tallies.stream().map((tally) -> caller(ended, tally)).toList()));
			threads.shutdown();
			threads.awaitTermination(10, TimeUnit.SECONDS);
			logFailure(tallies);
			return LoadReport.of(tallies, size.largest());
		}
		finally {
			threads.shutdownNow();
		}
	}

	/**
	 * End the running loads so that they do not delay the shutdown.
	 */
	@EventListener(ContextClosedEvent.class)
	void close() {
		this.closing = true;
	}

	private Callable<Object> caller(BooleanSupplier ended, Tally tally) {
		return Executors.callable(new Caller(() -> this.quotes.quote("ACME"), ended,
				tally.andThen(this.statistics.ofConfiguredClient())));
	}

	private static void logFailure(List<Tally> tallies) {
		tallies.stream()
			.map(Tally::firstFailure)
			.filter(Objects::nonNull)
			.findFirst()
			.ifPresent((failure) -> logger.warn("Calls failed during the load. The first failure of one caller:",
					failure));
	}

	private static void awaitAll(List<Future<Object>> futures) throws InterruptedException {
		for (Future<?> future : futures) {
			try {
				future.get();
			}
			catch (ExecutionException ex) {
				throw new IllegalStateException("A caller ended with an unexpected exception", ex.getCause());
			}
		}
	}

}
