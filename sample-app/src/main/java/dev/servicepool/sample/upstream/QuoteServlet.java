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
 * Servlet that responds to each request after the service time. No thread waits in the
 * meantime, so that many concurrent requests take no longer than one.
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
		this.executor.schedule(() -> respond(exchange, quote), this.serviceTime.get().toMillis(),
				TimeUnit.MILLISECONDS);
	}

	private static void respond(AsyncContext exchange, Quote quote) {
		try {
			ServletResponse response = exchange.getResponse();
			byte[] body = JsonMapper.shared().writeValueAsBytes(quote);
			response.setContentType("application/json");
			response.setContentLength(body.length);
			response.getOutputStream().write(body);
		}
		catch (IOException ex) {
			logger.debug("Caller disconnected before the response was sent", ex);
		}
		finally {
			exchange.complete();
		}
	}

	/**
	 * Body of a response.
	 */
	record Quote(String symbol, BigDecimal price, Instant asOf) {

		/**
		 * Return a quote with an invented price, which is always the same for a symbol.
		 */
		static Quote of(String symbol) {
			long cents = 1000 + Math.floorMod(symbol.hashCode(), 90_000);
			return new Quote(symbol, BigDecimal.valueOf(cents, 2), Instant.now());
		}

	}

}
