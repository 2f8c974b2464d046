package dev.servicepool.sample;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Hands out quotes.
 */
@RestController
class QuoteController {

	private final QuoteClient client;

	QuoteController(QuoteClient client) {
		this.client = client;
	}

	@GetMapping("/quotes/{symbol}")
	Quote quote(@PathVariable String symbol) {
		return this.client.quote(symbol);
	}

}
