@schtasks /Run /TN Rectify >nul 2>&1 || start "Rectify" /min "%LOCALAPPDATA%\Programs\Rectify\rectify.bat" up
