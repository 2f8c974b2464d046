package dev.servicepool.sample.upstream;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers each request some time after it came in. No thread waits meanwhile, so many
 * requests at once are no slower than one.
 */
final class QuoteServlet extends HttpServlet {

	private static final long serialVersionUID = 1L;

	private static final Log logger = LogFactory.getLog(QuoteServlet.class);

	private final transient ScheduledExecutorService executor;

	private final transient Supplier<Duration> serviceTime;

	QuoteServlet(ScheduledExecutorService executor, Supplier<Duration> serviceTime) {
		this.executor = executor;
		this.serviceTime = serviceTime;
	}

	@Override
	protected void doGet(HttpServletRequest request, HttpServletResponse response) {
		Quote quote = Quote.of(request.getPathInfo().substring(1));
		AsyncContext exchange = request.startAsync();
		this.executor.schedule(() -> answer(exchange, quote), this.serviceTime.get().toMillis(), TimeUnit.MILLISECONDS);
	}

	private static void answer(AsyncContext exchange, Quote quote) {
		try {
			ServletResponse response = exchange.getResponse();
			byte[] body = JsonMapper.shared().writeValueAsBytes(quote);
			response.setContentType("application/json");
			response.setContentLength(body.length);
			response.getOutputStream().write(body);
		}
		catch (IOException ex) {
			logger.debug("The caller has gone", ex);
		}
		finally {
			exchange.complete();
		}
	}

	/**
	 * What is answered.
	 */
	record Quote(String symbol, BigDecimal price, Instant asOf) {

		/**
		 * Return a quote with an invented price, always the same for a symbol.
		 */
		static Quote of(String symbol) {
			long cents = 1000 + Math.floorMod(symbol.hashCode(), 90_000);
			return new Quote(symbol, BigDecimal.valueOf(cents, 2), Instant.now());
		}

	}

}
