"""What bench/serve.py asks: short subjects for load, and questions that the demo's report does not answer."""

SUBJECTS = (
    "rivers", "bridges", "bread", "volcanoes", "chess", "whales", "clocks", "tea", "railways", "glass", "maps", "bees",
    "castles", "comets", "paper", "deserts", "violins", "harbours", "salt", "owls", "steel", "gardens", "tides", "ink",
    "mountains", "bicycles", "lighthouses", "coins", "forests", "bells", "canals", "kites", "markets", "moss", "sails",
)  # fmt: skip

UNANSWERABLE = (
    "What was the deposit facility rate of the European Central Bank at the end of 2023?",
    "How many people work for the Bank of Korea?",
    "Who was the governor of the Bank of England in 2015?",
    "What was the share price of JPMorgan Chase at the end of 2023?",
    "How many tonnes of gold does the Swiss National Bank hold?",
    "In which year was the Bank of Japan founded?",
    "What is the population of Kansas City?",
    "How high was inflation in Turkey in 2022?",
    "What is the reserve requirement for banks in Brazil?",
    "How many commercial banks failed in the United States in 2010?",
    "What does a seat on the New York Stock Exchange cost?",
    "Which company prints the banknotes of Canada?",
    "How many automated teller machines are there in Germany?",
    "What was the exchange rate of the won to the dollar on 3 May 2021?",
    "When was the first credit card issued?",
    "What is the capital requirement for insurers under Solvency II?",
    "Who won the Nobel prize in economics in 2004?",
    "How many bitcoins had been mined by the end of 2020?",
    "What is the annual fee for a bank licence in Singapore?",
    "How many branches does Banco Santander have in Spain?",
)
