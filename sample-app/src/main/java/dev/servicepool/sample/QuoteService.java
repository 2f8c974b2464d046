package dev.servicepool.sample;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;

/**
 * The server of quotes, as an ordinary HTTP service interface. That requests go over a
 * pool is said in {@code application.yml} only.
 */
interface QuoteService {

	@GetExchange("/quotes/{symbol}")
	Quote quote(@PathVariable String symbol);

}
