"""三声: a phone-etiquette coach for people who answer the phone in Chinese."""

__version__ = "0.1.0"
